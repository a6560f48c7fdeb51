#define _GNU_SOURCE
#include "driver.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

Options options = {.host = "127.0.0.1", .path = "/", .mode = "connect", .inflight = "1", .sockets = 1, .parallel = 200, .warm = 0.5, .seconds = 2, .stall = 5, .hold = 1};
Conn *conns;

/* Numbers with commas between them. */
static int read_list(const char *text, int *out, int max) {
  int count = 0;
  char *list = strdup(text), *save;
  for (char *item = strtok_r(list, ",", &save); item; item = strtok_r(NULL, ",", &save)) {
    if (count == max) die("more than %d in a list", max);
    out[count++] = atoi(item);
  }
  free(list);
  return count;
}

static void set_option(const char *name, const char *value) {
  if (!strcmp(name, "--host")) options.host = value;
  else if (!strcmp(name, "--port")) options.port_count = read_list(value, options.ports, PORTS_MAX);
  else if (!strcmp(name, "--path")) options.path = value;
  else if (!strcmp(name, "--protocol")) options.protocol = value;
  else if (!strcmp(name, "--mode")) options.mode = value;
  else if (!strcmp(name, "--script")) options.script = value;
  else if (!strcmp(name, "--rescript")) options.rescript = value;
  else if (!strcmp(name, "--variables")) options.variables = value;
  else if (!strcmp(name, "--publish")) options.publish = value;
  else if (!strcmp(name, "--inflight")) options.inflight = value;
  else if (!strcmp(name, "--sockets")) options.sockets = atoi(value);
  else if (!strcmp(name, "--parallel")) options.parallel = atoi(value);
  else if (!strcmp(name, "--server-pid")) options.server_pid = atoi(value);
  else if (!strcmp(name, "--kill-pid")) options.kill_pid = atoi(value);
  else if (!strcmp(name, "--pids")) options.pid_count = read_list(value, options.pids, PIDS_MAX);
  else if (!strcmp(name, "--senders")) options.senders = atoi(value);
  else if (!strcmp(name, "--hold")) options.hold = atof(value);
  else if (!strcmp(name, "--warm")) options.warm = atof(value);
  else if (!strcmp(name, "--seconds")) options.seconds = atof(value);
  else if (!strcmp(name, "--rate")) options.rate = atof(value);
  else if (!strcmp(name, "--stall")) options.stall = atof(value);
  else die("unknown option %s", name);
}

static void raise_file_limit(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/* Prints one JSON object per line: "connected", then the result of the mode. */
int main(int argc, char **argv) {
  for (int i = 1; i + 1 < argc; i += 2) set_option(argv[i], argv[i + 1]);
  if (argc % 2 == 0) die("an option without its value");
  raise_file_limit();
  net_init();
  script_init();
  if (!options.port_count) die("no port");
  if (!strcmp(options.mode, "churn")) return mode_churn(), 0;
  mode_connect();
  if (!strcmp(options.mode, "hold")) mode_hold();
  else if (!strcmp(options.mode, "fanout")) mode_fanout();
  else if (!strcmp(options.mode, "acks")) mode_acks();
  else if (!strcmp(options.mode, "resume")) mode_resume();
  else if (strcmp(options.mode, "connect")) die("unknown mode %s", options.mode);
  return 0;
}
