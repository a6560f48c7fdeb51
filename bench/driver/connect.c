#include "driver.h"
#include <stdio.h>
#include <stdlib.h>

#define SETUP_SECONDS 120

static uint32_t opened, ready_count;
static Samples latencies;

static void on_ready(Conn *conn) {
  samples_add(&latencies, now_ns() - conn->opened_ns);
  ready_count++;
}

static void ignore_text(Conn *conn, const char *data, size_t len, uint64_t now) {
  (void)conn, (void)data, (void)len, (void)now;
}

/* Opens all connections, at most options.parallel of them unfinished at a time, and runs their scripts. */
void mode_connect(void) {
  handlers = (Handlers){.ready = on_ready, .text = ignore_text};
  conns = calloc((size_t)options.sockets, sizeof *conns);
  Usage from = usage_now();
  while (ready_count < (uint32_t)options.sockets) {
    while (opened < (uint32_t)options.sockets && opened - ready_count < (uint32_t)options.parallel) {
      conns[opened].index = opened;
      net_open(&conns[opened++]);
    }
    net_poll(10000000);
    if (now_ns() - from.at > SETUP_SECONDS * 1000000000ull)
      die("%u of %d connections are ready after %d s", ready_count, options.sockets, SETUP_SECONDS);
  }
  Usage to = usage_now();
  printf("{\"event\":\"connected\",\"sockets\":%d,\"perSecond\":%.1f,", options.sockets,
         options.sockets / ((double)(to.at - from.at) / 1e9));
  samples_print(&latencies);
  printf(",");
  usage_print(from, to);
  printf("}\n");
  fflush(stdout);
}

/* Keeps the connections, answering pings, until stdin has a line or ends. */
void mode_hold(void) {
  bool done = false;
  net_watch_stdin(&done);
  while (!done) net_poll(1000000000);
  printf("{\"event\":\"held\",\"closed\":%d}\n", closed_count);
}
