#define _GNU_SOURCE
#include "driver.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

void samples_add(Samples *samples, uint64_t ns) {
  if (samples->len == samples->cap) {
    samples->cap = samples->cap ? samples->cap * 2 : 65536;
    samples->us = realloc(samples->us, samples->cap * sizeof *samples->us);
    if (!samples->us) die("out of memory");
  }
  samples->us[samples->len++] = (float)ns / 1000.0f;
}

void samples_reset(Samples *samples) { samples->len = 0; }

static int by_value(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

static double at_share(const Samples *samples, double share) {
  if (!samples->len) return 0;
  size_t i = (size_t)((double)samples->len * share);
  return samples->us[i < samples->len ? i : samples->len - 1] / 1000.0;
}

void samples_print(Samples *samples) {
  qsort(samples->us, samples->len, sizeof *samples->us, by_value);
  printf("\"samples\":%zu,\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f", samples->len, at_share(samples, 0.5),
         at_share(samples, 0.99), at_share(samples, 1));
}

/* CPU seconds of a process, all threads; 0 when it is gone. */
static double cpu_of(int pid) {
  clockid_t clock;
  struct timespec spent;
  if (!pid || clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &spent)) return 0;
  return (double)spent.tv_sec + (double)spent.tv_nsec / 1e9;
}

static double driver_cpu(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

Usage usage_now(void) {
  Usage usage = {.at = now_ns(), .server = cpu_of(options.server_pid), .driver = driver_cpu()};
  for (int i = 0; i < options.pid_count; i++) usage.each[i] = cpu_of(options.pids[i]);
  return usage;
}

void usage_print(Usage from, Usage to) {
  double seconds = (double)(to.at - from.at) / 1e9;
  printf("\"seconds\":%.4f,\"serverCpu\":%.3f,\"driverCpu\":%.3f,\"cpus\":[", seconds,
         (to.server - from.server) / seconds, (to.driver - from.driver) / seconds);
  for (int i = 0; i < options.pid_count; i++) printf("%s%.4f", i ? "," : "", (to.each[i] - from.each[i]) / seconds);
  printf("]");
}
