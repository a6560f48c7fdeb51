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
#define STALL_NS 5000000000ull
/* Spreads the senders; prime, so that it walks through all connections. */
#define SENDER_STRIDE 7919

typedef struct {
  uint64_t sent_ns;
  uint32_t received;
} Message;

static Message *messages;
static uint32_t *order;
static uint32_t message_count, message_cap, order_len, complete_count;
static uint64_t deliveries, doubled, reordered, lost, errors, bytes, base, last_progress;
static bool measuring, sending;
static Samples latencies;

static void send_next(void) {
  if (message_count == message_cap) {
    message_cap = message_cap ? message_cap * 2 : 65536;
    messages = realloc(messages, message_cap * sizeof *messages);
    order = realloc(order, message_cap * sizeof *order);
    if (!messages || !order) die("out of memory");
  }
  uint32_t number = message_count++;
  Conn *sender = &conns[((uint64_t)number * SENDER_STRIDE) % (uint64_t)options.sockets];
  char frame[8192];
  sender->next_id++;
  size_t len = script_publish(sender, frame, sizeof frame, number, base);
  messages[number] = (Message){.sent_ns = now_ns()};
  net_send(sender, frame, len);
}

/* Not the message that this position holds: seen before, or some were skipped. */
static void out_of_place(Conn *conn, uint32_t number) {
  for (uint32_t i = conn->position; i < order_len && i < conn->position + 4096; i++) {
    if (order[i] == number) {
      reordered += i - conn->position;
      conn->position = i + 1;
      return;
    }
  }
  doubled++;
}

static void receive(Conn *conn, uint32_t number, uint64_t now) {
  if (number >= message_count) die("a message that was never sent: %u", number);
  if (conn->position == order_len) order[order_len++] = number;
  if (order[conn->position] == number) {
    conn->position++;
  } else {
    out_of_place(conn, number);
  }
  deliveries++;
  Message *message = &messages[number];
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
  while ((p = memmem(p, (size_t)(end - p), "m-", 2)) && end - p >= MARK_LEN) {
    int64_t number = mark_value(p);
    if (number >= 0) {
      has_mark = true;
      receive(conn, (uint32_t)number, now);
      p += MARK_LEN;
    } else {
      p += 2;
    }
  }
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
    if (now - last_progress > STALL_NS) return;
    net_poll(until - now);
  }
}

static void drain(void) {
  sending = false;
  last_progress = now_ns();
  while (complete_count < message_count && now_ns() - last_progress < STALL_NS) net_poll(10000000);
  for (int i = 0; i < options.sockets; i++) lost += message_count - conns[i].position;
}

static void stage(int inflight) {
  sending = true;
  measuring = false;
  samples_reset(&latencies);
  last_progress = now_ns();
  for (int i = 0; i < inflight; i++) send_next();
  run_for(options.warm);
  Usage from = usage_now();
  uint64_t deliveries_from = deliveries, bytes_from = bytes;
  measuring = true;
  run_for(options.seconds);
  Usage to = usage_now();
  measuring = false;
  uint64_t counted = deliveries - deliveries_from;
  uint64_t counted_bytes = bytes - bytes_from;
  drain();
  double seconds = (double)(to.at - from.at) / 1e9;
  printf("{\"event\":\"fanout\",\"inflight\":%d,\"sockets\":%d,\"perSecond\":%.1f,\"messagesPerSecond\":%.1f,"
         "\"bytesPerDelivery\":%.1f,\"lost\":%llu,\"doubled\":%llu,\"reordered\":%llu,\"refused\":%llu,\"closed\":%d,",
         inflight, options.sockets, (double)counted / seconds, (double)counted / seconds / options.sockets,
         counted ? (double)counted_bytes / (double)counted : 0, (unsigned long long)lost, (unsigned long long)doubled,
         (unsigned long long)reordered, (unsigned long long)errors, closed_count);
  samples_print(&latencies);
  printf(",");
  usage_print(from, to);
  printf("}\n");
  fflush(stdout);
}

void mode_fanout(void) {
  handlers.text = on_text;
  char *list = strdup(options.inflight), *save;
  for (char *item = strtok_r(list, ",", &save); item; item = strtok_r(NULL, ",", &save)) stage(atoi(item));
  free(list);
}
