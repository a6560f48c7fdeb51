#define _GNU_SOURCE
#include "driver.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * All connections are open. On a line of stdin the driver kills options.kill_pid; every connection that closes comes
 * back at once, to the last port, with the second script. What cannot connect, or is sent away, tries again a moment
 * later. Times count from the kill.
 */
#define RETRY_NS 20000000ull
#define RESUME_SECONDS 120

static uint32_t *waiting;
static size_t waiting_from, waiting_len;
static uint32_t closed, failed, back;
static uint64_t killed_at, retry_at, first_closed, last_closed;
static Samples latencies;

static void on_closed(Conn *conn) {
  uint64_t now = now_ns();
  if (conn->script) {
    failed++;
    retry_at = now + RETRY_NS;
  } else {
    closed++;
    first_closed = first_closed ? first_closed : now;
    last_closed = now;
  }
  conn->script = 1;
  waiting[(waiting_from + waiting_len++) % (size_t)options.sockets] = conn->index;
}

static void on_back(Conn *conn) {
  (void)conn;
  back++;
  samples_add(&latencies, now_ns() - killed_at);
}

static void ignore_text(Conn *conn, const char *data, size_t len, uint64_t now) {
  (void)conn, (void)data, (void)len, (void)now;
}

static void open_waiting(void) {
  while (waiting_len && now_ns() >= retry_at) {
    Conn *conn = &conns[waiting[waiting_from]];
    waiting_from = (waiting_from + 1) % (size_t)options.sockets;
    waiting_len--;
    net_open_to(conn, options.ports[options.port_count - 1]);
  }
}

void mode_resume(void) {
  handlers = (Handlers){.ready = on_back, .text = ignore_text, .closed = on_closed};
  waiting = calloc((size_t)options.sockets, sizeof *waiting);
  if (!waiting) die("out of memory");
  bool go = false;
  net_watch_stdin(&go);
  while (!go) net_poll(1000000000);
  if (closed) die("%u connections closed before anything was killed", closed);
  Usage from = usage_now();
  killed_at = from.at;
  if (kill(options.kill_pid, SIGKILL)) die("cannot kill %d", options.kill_pid);
  while (back < (uint32_t)options.sockets) {
    open_waiting();
    net_poll(5000000);
    if (now_ns() - killed_at > RESUME_SECONDS * 1000000000ull)
      die("%u of %d connections are back after %d s", back, options.sockets, RESUME_SECONDS);
  }
  printf("{\"event\":\"resumed\",\"sockets\":%d,\"failed\":%u,\"firstClosed\":%.3f,\"lastClosed\":%.3f,", options.sockets,
         failed, (double)(first_closed - killed_at) / 1e6, (double)(last_closed - killed_at) / 1e6);
  samples_print(&latencies);
  printf(",");
  usage_print(from, usage_now());
  printf("}\n");
}
