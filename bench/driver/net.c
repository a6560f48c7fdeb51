#define _GNU_SOURCE
#include "driver.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define READ_BYTES (256 * 1024)
#define EVENTS_MAX 512
/* Loopback addresses to connect from: one address pair has 28k ports, many of them in TIME_WAIT. */
#define SOURCES 16

Handlers handlers;
int closed_count;

static int epoll_fd;
static bool *stdin_flag;
static char chunk[READ_BYTES];

void net_init(void) {
  epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_fd < 0) die("epoll_create1: %s", strerror(errno));
}

static void watch(Conn *conn, bool write) {
  struct epoll_event event = {.events = EPOLLIN | (write ? EPOLLOUT : 0u), .data.ptr = conn};
  epoll_ctl(epoll_fd, EPOLL_CTL_MOD, conn->fd, &event);
  conn->wants_write = write;
}

static void forget(Conn *conn) {
  close(conn->fd);
  conn->state = CONN_CLOSED;
  buffer_clear(&conn->in);
  buffer_clear(&conn->out);
}

static void close_conn(Conn *conn, const char *why) {
  if (conn->state == CONN_CLOSED) return;
  if (handlers.closed) {
    forget(conn);
    return handlers.closed(conn);
  }
  if (closed_count++ < 3) fprintf(stderr, "driver: connection %u closed: %s\n", conn->index, why);
  if (conn->state != CONN_READY) die("a connection closed before it was ready");
  forget(conn);
}

void net_open(Conn *conn) {
  uint32_t blocks = strcmp(options.mode, "resume") ? (uint32_t)options.port_count : 1, sockets = (uint32_t)options.sockets;
  net_open_to(conn, options.ports[(uint64_t)(conn->index % sockets) * blocks / sockets]);
}

void net_open_to(Conn *conn, int port) {
  conn->opened_ns = now_ns();
  conn->state = CONN_CONNECTING;
  conn->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (conn->fd < 0) die("socket: %s (raise ulimit -n)", strerror(errno));
  int on = 1;
  setsockopt(conn->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(conn->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  struct sockaddr_in source = {.sin_family = AF_INET};
  source.sin_addr.s_addr = htonl(0x7f000002u + conn->index % SOURCES);
  if (bind(conn->fd, (struct sockaddr *)&source, sizeof source)) die("bind: %s", strerror(errno));
  struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  inet_pton(AF_INET, options.host, &target.sin_addr);
  if (connect(conn->fd, (struct sockaddr *)&target, sizeof target) && errno != EINPROGRESS) {
    if (!handlers.closed) die("connect: %s", strerror(errno));
    return close_conn(conn, strerror(errno));
  }
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = conn};
  conn->wants_write = true;
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, conn->fd, &event)) die("epoll_ctl: %s", strerror(errno));
}

static void flush(Conn *conn) {
  size_t sent = 0;
  while (sent < conn->out.len) {
    ssize_t n = write(conn->fd, conn->out.data + sent, conn->out.len - sent);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) break;
    if (n < 0) return close_conn(conn, strerror(errno));
    sent += (size_t)n;
  }
  if (sent == conn->out.len) {
    buffer_clear(&conn->out);
  } else if (sent) {
    memmove(conn->out.data, conn->out.data + sent, conn->out.len - sent);
    conn->out.len -= sent;
  }
  bool pending = conn->out.len > 0;
  if (pending != conn->wants_write) watch(conn, pending);
}

static void send_raw(Conn *conn, const void *data, size_t len) {
  if (conn->state == CONN_CLOSED) return;
  size_t sent = 0;
  if (!conn->out.len) {
    ssize_t n = write(conn->fd, data, len);
    if (n < 0 && errno != EAGAIN && errno != EINTR) return close_conn(conn, strerror(errno));
    sent = n > 0 ? (size_t)n : 0;
  }
  if (sent < len) {
    buffer_add(&conn->out, (const char *)data + sent, len - sent);
    if (!conn->wants_write) watch(conn, true);
  }
}

/* A masked frame with the mask zero: legal, and the payload stays as it is. */
static void send_frame(Conn *conn, uint8_t opcode, const char *payload, size_t len) {
  uint8_t frame[8 + 65536];
  if (len > 65535) die("a frame of %zu bytes", len);
  size_t at = 0;
  frame[at++] = 0x80 | opcode;
  if (len < 126) {
    frame[at++] = 0x80 | (uint8_t)len;
  } else {
    frame[at++] = 0x80 | 126;
    frame[at++] = (uint8_t)(len >> 8);
    frame[at++] = (uint8_t)len;
  }
  memset(frame + at, 0, 4);
  memcpy(frame + at + 4, payload, len);
  send_raw(conn, frame, at + 4 + len);
}

void net_send(Conn *conn, const char *text, size_t len) { send_frame(conn, 1, text, len); }

void net_drop(Conn *conn, const char *why) { close_conn(conn, why); }

void net_close(Conn *conn) {
  static const char normal[2] = {0x03, (char)0xe8};
  send_frame(conn, 8, normal, sizeof normal);
  if (conn->state != CONN_CLOSED) forget(conn);
}

static void request_upgrade(Conn *conn) {
  char request[1024];
  int len = snprintf(request, sizeof request,
                     "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s%s%s\r\n",
                     options.path, options.host, options.protocol ? "Sec-WebSocket-Protocol: " : "",
                     options.protocol ? options.protocol : "", options.protocol ? "\r\n" : "");
  conn->state = CONN_UPGRADING;
  send_raw(conn, request, (size_t)len);
}

/* Bytes of the answer to the upgrade, or 0 when it is not whole yet. */
static size_t take_upgrade(Conn *conn, const char *data, size_t len) {
  const char *end = memmem(data, len, "\r\n\r\n", 4);
  if (!end) return 0;
  if (len < 12 || memcmp(data + 9, "101", 3)) {
    if (!handlers.closed) die("upgrade refused: %.*s", (int)(end - data), data);
    close_conn(conn, "upgrade refused");
    return 0;
  }
  script_start(conn);
  return (size_t)(end - data) + 4;
}

static void take_frame(Conn *conn, uint8_t opcode, const char *payload, size_t len, uint64_t now) {
  if (opcode == 9) return send_frame(conn, 10, payload, len);
  if (opcode == 8) {
    char why[160];
    int code = len >= 2 ? (uint8_t)payload[0] << 8 | (uint8_t)payload[1] : 1005;
    snprintf(why, sizeof why, "%d %.*s", code, (int)(len > 2 ? len - 2 : 0), payload + 2);
    return close_conn(conn, why);
  }
  if (opcode == 10) return;
  if (conn->state == CONN_SCRIPT) return script_text(conn, payload, len);
  handlers.text(conn, payload, len, now);
}

/* Handles what is whole in `data`; returns how many bytes that was. */
static size_t take_bytes(Conn *conn, const char *data, size_t len, uint64_t now) {
  size_t at = 0;
  if (conn->state == CONN_UPGRADING) {
    at = take_upgrade(conn, data, len);
    if (!at) return 0;
  }
  while (conn->state != CONN_CLOSED && len - at >= 2) {
    const uint8_t *head = (const uint8_t *)data + at;
    size_t size = head[1] & 127, skip = 2;
    if (size == 126) {
      if (len - at < 4) break;
      size = (size_t)head[2] << 8 | head[3];
      skip = 4;
    } else if (size == 127) {
      if (len - at < 10) break;
      size = 0;
      for (int i = 2; i < 10; i++) size = size << 8 | head[i];
      skip = 10;
    }
    if (len - at < skip + size) break;
    take_frame(conn, head[0] & 15, data + at + skip, size, now);
    at += skip + size;
  }
  return at;
}

static void on_readable(Conn *conn) {
  ssize_t n = read(conn->fd, chunk, sizeof chunk);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) return close_conn(conn, n ? strerror(errno) : "end of stream");
  uint64_t now = now_ns();
  if (!conn->in.len) {
    size_t taken = take_bytes(conn, chunk, (size_t)n, now);
    if (conn->state != CONN_CLOSED && taken < (size_t)n) buffer_add(&conn->in, chunk + taken, (size_t)n - taken);
    return;
  }
  buffer_add(&conn->in, chunk, (size_t)n);
  size_t taken = take_bytes(conn, conn->in.data, conn->in.len, now);
  if (conn->state == CONN_CLOSED) return;
  if (taken == conn->in.len) {
    buffer_clear(&conn->in);
  } else if (taken) {
    memmove(conn->in.data, conn->in.data + taken, conn->in.len - taken);
    conn->in.len -= taken;
  }
}

static void on_writable(Conn *conn) {
  if (conn->state == CONN_CONNECTING) {
    int error = 0;
    socklen_t len = sizeof error;
    getsockopt(conn->fd, SOL_SOCKET, SO_ERROR, &error, &len);
    if (error && handlers.closed) return close_conn(conn, strerror(error));
    if (error) die("connect: %s", strerror(error));
    request_upgrade(conn);
  }
  if (conn->state != CONN_CLOSED) flush(conn);
}

void net_watch_stdin(bool *flag) {
  stdin_flag = flag;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, 0, &event);
}

void net_poll(uint64_t timeout_ns) {
  struct epoll_event events[EVENTS_MAX];
  struct timespec timeout = {.tv_sec = (time_t)(timeout_ns / 1000000000ull), .tv_nsec = (long)(timeout_ns % 1000000000ull)};
  int n = (int)syscall(SYS_epoll_pwait2, epoll_fd, events, EVENTS_MAX, &timeout, NULL, 0);
  for (int i = 0; i < n; i++) {
    Conn *conn = events[i].data.ptr;
    if (!conn) {
      char line[64];
      *stdin_flag = true;
      if (read(0, line, sizeof line) <= 0) epoll_ctl(epoll_fd, EPOLL_CTL_DEL, 0, NULL);
      continue;
    }
    if (conn->state != CONN_CLOSED && events[i].events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) on_writable(conn);
    if (conn->state != CONN_CLOSED && conn->state != CONN_CONNECTING && events[i].events & (EPOLLIN | EPOLLHUP))
      on_readable(conn);
  }
}
