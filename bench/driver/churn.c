#define _GNU_SOURCE
#include "driver.h"
#include <stdio.h>
#include <stdlib.h>

/*
 * Open loop of people who come and go: options.rate connections a second begin, run their script, stay for
 * options.hold seconds, and say goodbye. Each is the next line of the variables.
 */
static uint64_t begun, ended, failed, skipped;
static uint32_t *leaving; /* ready connections, longest ready first */
static uint64_t *leave_at;
static size_t leaving_from, leaving_len;
static uint32_t *idle;
static size_t idle_len;
static bool measuring;
static Samples latencies;

static void on_ready(Conn *conn) {
  uint64_t now = now_ns();
  if (measuring) samples_add(&latencies, now - conn->opened_ns);
  size_t at = (leaving_from + leaving_len++) % (size_t)options.sockets;
  leaving[at] = (uint32_t)(conn - conns);
  leave_at[at] = now + (uint64_t)(options.hold * 1e9);
}

static void on_closed(Conn *conn) {
  // Those that were ready are found closed when they are due to leave.
  failed++;
  if (conn->position == 0) idle[idle_len++] = (uint32_t)(conn - conns);
}

static void ready(Conn *conn) {
  conn->position = 1;
  on_ready(conn);
}

static void ignore_text(Conn *conn, const char *data, size_t len, uint64_t now) {
  (void)conn, (void)data, (void)len, (void)now;
}

static void begin_one(void) {
  if (!idle_len) {
    skipped++;
    return;
  }
  Conn *conn = &conns[idle[--idle_len]];
  conn->index = (uint32_t)begun++;
  conn->position = 0;
  net_open(conn);
}

static void end_due(uint64_t now) {
  while (leaving_len && leave_at[leaving_from] <= now) {
    Conn *conn = &conns[leaving[leaving_from]];
    leaving_from = (leaving_from + 1) % (size_t)options.sockets;
    leaving_len--;
    if (conn->state == CONN_READY) net_close(conn);
    idle[idle_len++] = (uint32_t)(conn - conns);
    ended++;
  }
}

static void run_until(uint64_t until, uint64_t *due, uint64_t step) {
  for (uint64_t now = now_ns(); now < until; now = now_ns()) {
    for (; *due <= now; *due += step) begin_one();
    end_due(now);
    uint64_t next = *due < until ? *due : until;
    if (leaving_len && leave_at[leaving_from] < next) next = leave_at[leaving_from];
    net_poll(next > now ? next - now : 0);
  }
}

void mode_churn(void) {
  handlers = (Handlers){.ready = ready, .text = ignore_text, .closed = on_closed};
  size_t slots = (size_t)options.sockets;
  conns = calloc(slots, sizeof *conns);
  leaving = calloc(slots, sizeof *leaving);
  leave_at = calloc(slots, sizeof *leave_at);
  idle = calloc(slots, sizeof *idle);
  if (!conns || !leaving || !leave_at || !idle) die("out of memory");
  for (size_t i = 0; i < slots; i++) idle[idle_len++] = (uint32_t)(slots - 1 - i);
  uint64_t due = now_ns(), step = (uint64_t)(1e9 / options.rate);
  run_until(due + (uint64_t)(options.warm * 1e9), &due, step);
  Usage from = usage_now();
  uint64_t begun_from = begun, ended_from = ended;
  measuring = true;
  run_until(from.at + (uint64_t)(options.seconds * 1e9), &due, step);
  Usage to = usage_now();
  double seconds = (double)(to.at - from.at) / 1e9;
  printf("{\"event\":\"churn\",\"connects\":%.1f,\"disconnects\":%.1f,\"failed\":%llu,\"skipped\":%llu,",
         (double)(begun - begun_from) / seconds, (double)(ended - ended_from) / seconds, (unsigned long long)failed,
         (unsigned long long)skipped);
  samples_print(&latencies);
  printf(",");
  usage_print(from, to);
  printf("}\n");
}
