#define _GNU_SOURCE
#include "driver.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Each connection writes to a conversation of its own, where nobody else writes: its sends must get seqs of strictly
 * + 1 in the order in which they left, and it must get each of its own messages once. Closed loop: options.inflight sends
 * unanswered per connection. Open loop: options.rate sends a second over all, latency counted from the moment a
 * send was due.
 */
static uint64_t acks, sent, echoes, reordered, errors, overdue;
static bool measuring, sending;
static Samples latencies;

static void send_one(Conn *conn, uint64_t due) {
  if (conn->next_id - conn->answered >= PENDING_MAX) {
    overdue++;
    return;
  }
  char frame[8192];
  conn->next_id++;
  conn->pending[conn->next_id % PENDING_MAX] = due;
  size_t len = script_publish(conn, frame, sizeof frame, (uint32_t)sent, conn->seq);
  sent++;
  net_send(conn, frame, len);
}

static void on_ack(Conn *conn, const char *data, size_t len, uint64_t now) {
  uint64_t id = number_after(data, len, "\"id\":", 0), seq = number_after(data, len, "\"seq\":", 0);
  // Acknowledgements may overtake each other; what they say of the order may not.
  if (!conn->answered_any) {
    conn->answered_any = true;
    conn->seq_offset = seq - id;
  }
  if (seq - id != conn->seq_offset && reordered++ < 5)
    fprintf(stderr, "driver: connection %u expected seq %llu for id %llu, got %.*s\n", conn->index,
            (unsigned long long)(id + conn->seq_offset), (unsigned long long)id, (int)(len < 120 ? len : 120), data);
  conn->answered++;
  if (seq > conn->seq) conn->seq = seq;
  acks++;
  if (measuring) samples_add(&latencies, now - conn->pending[id % PENDING_MAX]);
  if (sending && !options.rate) send_one(conn, now);
}

static uint64_t count_marks(const char *data, size_t len) {
  uint64_t count = 0;
  const char *p = data, *end = data + len;
  while ((p = find_mark(p, end))) {
    bool is_mark = mark_value(p) >= 0;
    count += is_mark;
    p += is_mark ? MARK_LEN : 2;
  }
  return count;
}

static void on_text(Conn *conn, const char *data, size_t len, uint64_t now) {
  size_t head = len < 64 ? len : 64;
  if (contains(data, head, "\"t\":\"ok\"")) {
    on_ack(conn, data, len, now);
  } else if (contains(data, head, "\"t\":\"err\"")) {
    if (errors++ < 3) fprintf(stderr, "driver: refused: %.*s\n", (int)(len < 200 ? len : 200), data);
    conn->answered++;
    if (sending && !options.rate) send_one(conn, now);
  } else {
    echoes += count_marks(data, len);
  }
}

static uint64_t due_next, due_step;
static uint32_t next_sender;

static void send_due(uint64_t now) {
  for (; due_next <= now; due_next += due_step) {
    send_one(&conns[next_sender], due_next);
    next_sender = (next_sender + 1) % (uint32_t)options.sockets;
  }
}

static void run_for(double seconds) {
  uint64_t until = now_ns() + (uint64_t)(seconds * 1e9);
  for (uint64_t now = now_ns(); now < until; now = now_ns()) {
    if (options.rate) send_due(now);
    uint64_t next = options.rate && due_next < until ? due_next : until;
    net_poll(next > now ? next - now : 0);
  }
}

static void drain(void) {
  sending = false;
  uint64_t until = now_ns() + (uint64_t)(options.stall * 1e9);
  while ((acks + errors < sent || echoes < acks) && now_ns() < until) net_poll(10000000);
}

static void start(void) {
  sending = true;
  if (options.rate) {
    due_step = (uint64_t)(1e9 / options.rate);
    due_next = now_ns();
    return;
  }
  for (int i = 0; i < options.sockets; i++)
    for (int k = 0; k < atoi(options.inflight); k++) send_one(&conns[i], now_ns());
}

void mode_acks(void) {
  handlers.text = on_text;
  for (int i = 0; i < options.sockets; i++) {
    conns[i].pending = calloc(PENDING_MAX, sizeof *conns[i].pending);
    if (!conns[i].pending) die("out of memory");
    // Ids of the script's commands are below those of the sends, and are not awaited.
    conns[i].next_id = conns[i].answered = 1000;
  }
  start();
  run_for(options.warm);
  Usage from = usage_now();
  uint64_t acks_from = acks;
  measuring = true;
  run_for(options.seconds);
  Usage to = usage_now();
  measuring = false;
  uint64_t counted = acks - acks_from;
  drain();
  uint64_t lost = (sent - acks - errors) + (acks > echoes ? acks - echoes : 0);
  uint64_t doubled = echoes > acks ? echoes - acks : 0;
  printf("{\"event\":\"acks\",\"sockets\":%d,\"rate\":%.1f,\"perSecond\":%.1f,\"lost\":%llu,\"doubled\":%llu,"
         "\"reordered\":%llu,\"refused\":%llu,\"overdue\":%llu,\"closed\":%d,",
         options.sockets, options.rate, (double)counted / ((double)(to.at - from.at) / 1e9), (unsigned long long)lost,
         (unsigned long long)doubled, (unsigned long long)reordered, (unsigned long long)errors,
         (unsigned long long)overdue, closed_count);
  samples_print(&latencies);
  printf(",");
  usage_print(from, to);
  printf("}\n");
}
