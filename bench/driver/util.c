#define _GNU_SOURCE
#include "driver.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t now_ns(void) {
  struct timespec ts;
  clock_gettime(CLOCK_MONOTONIC, &ts);
  return (uint64_t)ts.tv_sec * 1000000000ull + (uint64_t)ts.tv_nsec;
}

void die(const char *format, ...) {
  va_list args;
  va_start(args, format);
  fputs("driver: ", stderr);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
  exit(1);
}

void buffer_add(Buffer *buffer, const void *data, size_t len) {
  if (buffer->len + len > buffer->cap) {
    size_t cap = buffer->cap ? buffer->cap : 512;
    while (cap < buffer->len + len) cap *= 2;
    buffer->data = realloc(buffer->data, cap);
    if (!buffer->data) die("out of memory");
    buffer->cap = cap;
  }
  memcpy(buffer->data + buffer->len, data, len);
  buffer->len += len;
}

void buffer_clear(Buffer *buffer) {
  free(buffer->data);
  memset(buffer, 0, sizeof *buffer);
}

char *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) die("cannot read %s", path);
  Buffer content = {0};
  char chunk[65536];
  size_t n;
  while ((n = fread(chunk, 1, sizeof chunk, file)) > 0) buffer_add(&content, chunk, n);
  fclose(file);
  buffer_add(&content, "", 1);
  return content.data;
}

uint64_t number_after(const char *data, size_t len, const char *key, uint64_t missing) {
  const char *found = memmem(data, len, key, strlen(key));
  if (!found) return missing;
  const char *p = found + strlen(key), *end = data + len;
  uint64_t value = 0;
  for (; p < end && *p >= '0' && *p <= '9'; p++) value = value * 10 + (uint64_t)(*p - '0');
  return value;
}

bool contains(const char *data, size_t len, const char *text) {
  return memmem(data, len, text, strlen(text)) != NULL;
}
