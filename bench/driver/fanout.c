#define _GNU_SOURCE
#include "driver.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * All connections are in one room. `inflight` messages are under way at a time; a message is complete when every
 * connection has it, and then another connection sends the next. All connections must see one order: the first
 * to receive something at a position decides it.
 */
/* Spreads the senders; prime, so that it walks through all connections. */
#define SENDER_STRIDE 7919

typedef struct {
  uint64_t sent_ns;
  uint32_t received;
  uint32_t position; /* in the agreed order */
} Message;

#define NOT_SEEN UINT32_MAX

static Message *messages;
static uint32_t message_count, message_cap, order_len, complete_count;
static uint64_t deliveries, doubled, reordered, lost, errors, bytes, frames, base, last_progress;
static bool measuring, sending;
static uint64_t stall_ns;
static Samples latencies;

static void send_next(void) {
  if (message_count == message_cap) {
    message_cap = message_cap ? message_cap * 2 : 65536;
    messages = realloc(messages, message_cap * sizeof *messages);
    if (!messages) die("out of memory");
  }
  uint32_t number = message_count++;
  int senders = options.senders > 0 ? options.senders : options.sockets;
  Conn *sender = &conns[((uint64_t)number * SENDER_STRIDE) % (uint64_t)senders];
  char frame[8192];
  sender->next_id++;
  size_t len = script_publish(sender, frame, sizeof frame, number, base);
  messages[number] = (Message){.sent_ns = now_ns(), .position = NOT_SEEN};
  net_send(sender, frame, len);
}

/* Takes a position out of those the connection has skipped; false when it is not among them. */
static bool take_skipped(Conn *conn, uint32_t position) {
  uint32_t *skipped = (uint32_t *)conn->skipped.data;
  size_t count = conn->skipped.len / sizeof *skipped;
  for (size_t i = 0; i < count; i++) {
    if (skipped[i] != position) continue;
    skipped[i] = skipped[count - 1];
    conn->skipped.len -= sizeof *skipped;
    return true;
  }
  return false;
}

static void place(Conn *conn, uint32_t position) {
  if (position == conn->position) {
    conn->position++;
  } else if (position > conn->position) {
    for (; conn->position < position; conn->position++) buffer_add(&conn->skipped, &conn->position, sizeof position);
    conn->position++;
  } else if (take_skipped(conn, position)) {
    reordered++;
  } else {
    doubled++;
  }
}

static void receive(Conn *conn, uint32_t number, uint64_t now) {
  if (number >= message_count) die("a message that was never sent: %u", number);
  Message *message = &messages[number];
  if (message->position == NOT_SEEN) message->position = order_len++;
  place(conn, message->position);
  deliveries++;
  if (++message->received != (uint32_t)options.sockets) return;
  complete_count++;
  last_progress = now;
  if (measuring) samples_add(&latencies, now - message->sent_ns);
  if (sending) send_next();
}

static void on_text(Conn *conn, const char *data, size_t len, uint64_t now) {
  bytes += len;
  const char *p = data, *end = data + len;
  bool has_mark = false;
  while ((p = find_mark(p, end))) {
    int64_t number = mark_value(p);
    if (number >= 0) {
      has_mark = true;
      receive(conn, (uint32_t)number, now);
      p += MARK_LEN;
    } else {
      p += 2;
    }
  }
  frames += has_mark;
  if (has_mark) return;
  if (contains(data, len, "\"t\":\"err\"")) {
    if (errors++ < 3) fprintf(stderr, "driver: refused: %.*s\n", (int)(len < 200 ? len : 200), data);
  } else {
    uint64_t seq = number_after(data, len, "\"seq\":", 0);
    if (seq > base) base = seq;
  }
}

static void run_for(double seconds) {
  uint64_t until = now_ns() + (uint64_t)(seconds * 1e9);
  for (uint64_t now = now_ns(); now < until; now = now_ns()) {
    if (now - last_progress > stall_ns) return;
    net_poll(until - now);
  }
}

static void drain(void) {
  sending = false;
  last_progress = now_ns();
  while (complete_count < message_count && now_ns() - last_progress < stall_ns) net_poll(10000000);
  lost = 0;
  for (int i = 0; i < options.sockets; i++)
    lost += message_count - conns[i].position + conns[i].skipped.len / sizeof(uint32_t);
}

static void stage(int inflight) {
  sending = true;
  measuring = false;
  samples_reset(&latencies);
  last_progress = now_ns();
  for (int i = 0; i < inflight; i++) send_next();
  run_for(options.warm);
  Usage from = usage_now();
  uint64_t deliveries_from = deliveries, bytes_from = bytes, frames_from = frames;
  measuring = true;
  run_for(options.seconds);
  Usage to = usage_now();
  measuring = false;
  uint64_t counted = deliveries - deliveries_from;
  uint64_t counted_bytes = bytes - bytes_from, counted_frames = frames - frames_from;
  drain();
  double seconds = (double)(to.at - from.at) / 1e9;
  printf("{\"event\":\"fanout\",\"inflight\":%d,\"sockets\":%d,\"perSecond\":%.1f,\"messagesPerSecond\":%.1f,"
         "\"bytesPerDelivery\":%.1f,\"perFrame\":%.1f,\"lost\":%llu,\"doubled\":%llu,\"reordered\":%llu,\"refused\":%llu,\"closed\":%d,",
         inflight, options.sockets, (double)counted / seconds, (double)counted / seconds / options.sockets,
         counted ? (double)counted_bytes / (double)counted : 0,
         counted_frames ? (double)counted / (double)counted_frames : 0, (unsigned long long)lost, (unsigned long long)doubled,
         (unsigned long long)reordered, (unsigned long long)errors, closed_count);
  samples_print(&latencies);
  printf(",");
  usage_print(from, to);
  printf("}\n");
  fflush(stdout);
}

void mode_fanout(void) {
  handlers.text = on_text;
  stall_ns = (uint64_t)(options.stall * 1e9);
  char *list = strdup(options.inflight), *save;
  for (char *item = strtok_r(list, ",", &save); item; item = strtok_r(NULL, ",", &save)) stage(atoi(item));
  free(list);
}
