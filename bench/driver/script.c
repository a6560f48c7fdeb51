#define _GNU_SOURCE
#include "driver.h"
#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * The script is a file of lines "send <frame>", "wait <text>" and "entries <number>": a connection sends its frames,
 * waits for a frame that contains the text, and until so many entries have come since the script began. Placeholders: {1} … {9} are the tab-separated fields of the connection's line in
 * the file of variables (line = index modulo lines); in the frame to publish also {id}, {cid}, {base}, {mark}. A second
 * script is what connections say that come back.
 */
#define STEPS_MAX 16
#define FIELDS_MAX 9
#define FRAME_MAX 8192

typedef enum { STEP_SEND, STEP_WAIT, STEP_ENTRIES } StepKind;

typedef struct {
  StepKind kind;
  const char *text;
} Step;

typedef struct {
  Step steps[STEPS_MAX];
  uint32_t count;
} Script;

static Script scripts[2];
static char *(*fields)[FIELDS_MAX];
static size_t row_count;
static uint32_t run_tag;

static Step read_step(const char *line) {
  if (!strncmp(line, "send ", 5)) return (Step){.kind = STEP_SEND, .text = line + 5};
  if (!strncmp(line, "wait ", 5)) return (Step){.kind = STEP_WAIT, .text = line + 5};
  if (!strncmp(line, "entries ", 8)) return (Step){.kind = STEP_ENTRIES, .text = line + 8};
  die("no step: %s", line);
}

static void load_steps(Script *script, const char *path) {
  if (!path) return;
  for (char *save, *line = strtok_r(read_file(path), "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
    if (script->count == STEPS_MAX) die("more than %d steps", STEPS_MAX);
    script->steps[script->count++] = read_step(line);
  }
}

static void load_rows(void) {
  if (!options.variables) return;
  size_t cap = 0;
  for (char *save, *line = strtok_r(read_file(options.variables), "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
    if (row_count == cap) {
      cap = cap ? cap * 2 : 1024;
      fields = realloc(fields, cap * sizeof *fields);
      if (!fields) die("out of memory");
    }
    memset(fields[row_count], 0, sizeof *fields);
    char *rest = line;
    for (int i = 0; i < FIELDS_MAX && rest; i++) fields[row_count][i] = strsep(&rest, "\t");
    row_count++;
  }
}

void script_init(void) {
  load_steps(&scripts[0], options.script);
  load_steps(&scripts[1], options.rescript);
  load_rows();
  run_tag = (uint32_t)((now_ns() >> 10) ^ (uint64_t)getpid() << 8) | 1;
}

static size_t add(char *out, size_t cap, size_t at, const char *text, size_t len) {
  if (at + len > cap) die("a frame is longer than %zu bytes", cap);
  memcpy(out + at, text, len);
  return at + len;
}

static size_t render(const Conn *conn, const char *template, char *out, size_t cap, uint32_t message, uint64_t base) {
  size_t at = 0;
  for (const char *p = template; *p;) {
    char value[64];
    const char *text = value;
    size_t skip;
    if (p[0] == '{' && p[1] >= '1' && p[1] <= '9' && p[2] == '}') {
      text = row_count ? fields[conn->index % row_count][p[1] - '1'] : NULL;
      if (!text) die("no field %c for connection %u", p[1], conn->index);
      skip = 3;
    } else if (!strncmp(p, "{id}", 4)) {
      snprintf(value, sizeof value, "%u", conn->next_id);
      skip = 4;
    } else if (!strncmp(p, "{cid}", 5)) {
      snprintf(value, sizeof value, "%08x_%u_%u", run_tag, conn->index, conn->next_id);
      skip = 5;
    } else if (!strncmp(p, "{base}", 6)) {
      snprintf(value, sizeof value, "%llu", (unsigned long long)base);
      skip = 6;
    } else if (!strncmp(p, "{mark}", 6)) {
      snprintf(value, sizeof value, "m-%08x%08x", run_tag, message);
      skip = 6;
    } else {
      at = add(out, cap, at, p++, 1);
      continue;
    }
    at = add(out, cap, at, text, strlen(text));
    p += skip;
  }
  return at;
}

static bool has_entries(const Conn *conn, const Step *step) {
  char number[64] = {0};
  render(conn, step->text, number, sizeof number - 1, 0, 0);
  return conn->entries >= (uint32_t)atoi(number);
}

static void advance(Conn *conn) {
  const Script *script = &scripts[conn->script];
  for (; conn->step < script->count; conn->step++) {
    const Step *step = &script->steps[conn->step];
    if (step->kind == STEP_WAIT || (step->kind == STEP_ENTRIES && !has_entries(conn, step))) return;
    if (step->kind == STEP_ENTRIES) continue;
    char frame[FRAME_MAX];
    net_send(conn, frame, render(conn, step->text, frame, sizeof frame, 0, 0));
  }
  if (conn->state == CONN_SCRIPT) {
    conn->state = CONN_READY;
    handlers.ready(conn);
  }
}

void script_start(Conn *conn) {
  conn->state = CONN_SCRIPT;
  conn->step = 0;
  conn->entries = 0;
  advance(conn);
}

static uint32_t count_entries(const char *data, size_t len) {
  static const char key[] = "{\"seq\":";
  uint32_t count = 0;
  if (!contains(data, len < 16 ? len : 16, "\"t\":\"entry\"")) return 0;
  for (const char *p = data, *end = data + len; (p = memmem(p, (size_t)(end - p), key, sizeof key - 1)); p++) count++;
  return count;
}

void script_text(Conn *conn, const char *data, size_t len) {
  const Step *step = &scripts[conn->script].steps[conn->step];
  conn->entries += count_entries(data, len);
  if (step->kind == STEP_WAIT && contains(data, len, step->text)) {
    conn->step++;
    advance(conn);
  } else if (step->kind == STEP_ENTRIES) {
    advance(conn);
  } else if (contains(data, len < 128 ? len : 128, "\"t\":\"err\"")) {
    if (!handlers.closed) die("refused during the script: %.*s", (int)(len < 300 ? len : 300), data);
    net_drop(conn, "refused");
  }
}

size_t script_publish(Conn *conn, char *out, size_t cap, uint32_t message, uint64_t base) {
  return render(conn, options.publish, out, cap, message, base);
}

/* One more than the value of a hexadecimal digit; 0 for everything else. */
static const uint8_t HEX[256] = {['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
                                 ['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
                                 ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16};

/* Sixteen places at a time: a byte at a time, the search costs the driver more than all the rest of a delivery. */
const char *find_mark(const char *data, const char *end) {
  const char *p = data, *last = end - MARK_LEN; /* where a mark can begin */
#ifdef __SSE2__
  const __m128i first = _mm_set1_epi8('m'), second = _mm_set1_epi8('-');
  for (; p + 17 <= end; p += 16) {
    __m128i here = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)p), first);
    __m128i next = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(p + 1)), second);
    int places = _mm_movemask_epi8(_mm_and_si128(here, next));
    if (!places) continue;
    p += __builtin_ctz((unsigned)places);
    return p <= last ? p : NULL;
  }
#endif
  for (; p <= last; p++)
    if (p[0] == 'm' && p[1] == '-') return p;
  return NULL;
}

int64_t mark_value(const char *data) {
  uint64_t value = 0;
  bool is_hex = true;
  for (int i = 2; i < MARK_LEN; i++) {
    uint8_t digit = HEX[(uint8_t)data[i]];
    is_hex &= digit != 0;
    value = value << 4 | ((digit - 1u) & 15);
  }
  return is_hex && value >> 32 == run_tag ? (int64_t)(value & 0xffffffffu) : -1;
}
