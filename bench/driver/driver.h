/*
 * A WebSocket load driver: one thread, one epoll. It is compiled because a driver in a scripted language would
 * measure itself. What the server speaks is described by a script (see script.c), so that servers compare.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "m-" and 16 hex digits: a tag of the run, then the number of the message. Occurrences are counted, not frames. */
#define MARK_LEN 18
/* Servers whose CPU is told apart, and ports the connections are spread over. */
#define PIDS_MAX 16
#define PORTS_MAX 4
/* Sends one connection may have unanswered. */
#define PENDING_MAX 1024

typedef struct {
  char *data;
  size_t len, cap;
} Buffer;

typedef enum { CONN_CONNECTING, CONN_UPGRADING, CONN_SCRIPT, CONN_READY, CONN_CLOSED } ConnState;

typedef struct Conn {
  int fd;
  uint32_t index;
  ConnState state;
  bool wants_write;
  uint32_t step;
  uint32_t script;     /* which of the scripts it runs */
  uint32_t entries;    /* received while its script runs */
  uint32_t position;   /* messages received in the agreed order (fan-out) */
  uint32_t next_id;    /* of its commands */
  uint32_t answered;   /* commands answered */
  uint64_t seq;        /* highest seq acknowledged to it */
  uint64_t seq_offset; /* of seqs from ids (acks) */
  bool answered_any;
  uint64_t opened_ns;
  uint64_t *pending;   /* when the unanswered commands were meant to leave, by id */
  Buffer in, out;
  Buffer skipped;      /* positions it has gone past without their message (fan-out) */
} Conn;

typedef struct {
  const char *host, *path, *protocol, *mode, *script, *rescript, *variables, *publish, *inflight;
  /* Ports: of equal blocks of the connections; in the mode resume the first, then the last. */
  int ports[PORTS_MAX], port_count;
  /* `senders`: in the mode fanout only so many of the first connections send; 0 for all. */
  int sockets, parallel, server_pid, kill_pid, senders;
  int pids[PIDS_MAX], pid_count;
  /* Seconds; `stall`: without progress, what is missing counts as lost; `hold`: how long a connection of churn lives. */
  double warm, seconds, rate, stall, hold;
} Options;

extern Options options;
extern Conn *conns;

/* util.c */
uint64_t now_ns(void);
void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void buffer_add(Buffer *buffer, const void *data, size_t len);
void buffer_clear(Buffer *buffer);
char *read_file(const char *path);
/* The unsigned number after `key` in a frame, or `missing`. */
uint64_t number_after(const char *data, size_t len, const char *key, uint64_t missing);
bool contains(const char *data, size_t len, const char *text);

/* net.c */
typedef struct {
  void (*ready)(Conn *conn);
  void (*text)(Conn *conn, const char *data, size_t len, uint64_t now);
  /* The connection ended, or could not be made. Without this handler the latter ends the driver. */
  void (*closed)(Conn *conn);
} Handlers;
extern Handlers handlers;
extern int closed_count;
void net_init(void);
void net_open(Conn *conn);
/* To another port than the one its place says. */
void net_open_to(Conn *conn, int port);
/* As if the server had closed it. */
void net_drop(Conn *conn, const char *why);
/* Says goodbye and closes. */
void net_close(Conn *conn);
void net_send(Conn *conn, const char *text, size_t len);
/* Waits at most `timeout_ns` for events and handles them. */
void net_poll(uint64_t timeout_ns);
/* Also wakes net_poll when stdin has a line or ends; sets *flag. */
void net_watch_stdin(bool *flag);

/* script.c */
void script_init(void);
void script_start(Conn *conn);
/* Feeds a frame to a connection that still runs its script. */
void script_text(Conn *conn, const char *data, size_t len);
/* Renders options.publish for `conn`. */
size_t script_publish(Conn *conn, char *out, size_t cap, uint32_t message, uint64_t base);
/* Where the next mark may begin that is whole before `end`, or NULL. */
const char *find_mark(const char *data, const char *end);
/* The number in a mark of this run, or -1. `data` points at the mark and has at least MARK_LEN bytes. */
int64_t mark_value(const char *data);

/* stats.c */
typedef struct {
  float *us;
  size_t len, cap;
} Samples;
void samples_add(Samples *samples, uint64_t ns);
void samples_reset(Samples *samples);
/* Writes "p50":…,"p99":…,"max":… in milliseconds. */
void samples_print(Samples *samples);
typedef struct {
  uint64_t at;
  double server, driver, each[PIDS_MAX];
} Usage;
Usage usage_now(void);
/* Writes "seconds":…,"serverCpu":…,"driverCpu":…,"cpus":[…] (shares of one core, all threads) of the window. */
void usage_print(Usage from, Usage to);

/* modes */
void mode_connect(void);
void mode_hold(void);
void mode_fanout(void);
void mode_acks(void);
void mode_resume(void);
void mode_churn(void);

#endif
