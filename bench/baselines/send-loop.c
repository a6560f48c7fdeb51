/*
 * Baseline: the least a server can do for a message to N sockets on this machine, one send() for each. It speaks
 * just enough WebSocket for the driver of this bench, whose key and mask it knows. Prints its port.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOCKETS_MAX 20000
#define FRAME_MAX 65536
#define ANSWER                                                                                                     \
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"                               \
  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"

static int sockets[SOCKETS_MAX], socket_count;
static uint8_t upgraded[SOCKETS_MAX * 4];

static void send_all(int fd, const uint8_t *data, size_t len) {
  while (len > 0) {
    ssize_t n = send(fd, data, len, MSG_NOSIGNAL);
    if (n < 0 && errno == EAGAIN) continue;
    if (n < 0) return;
    data += n;
    len -= (size_t)n;
  }
}

static void forget(int fd) {
  for (int i = 0; i < socket_count; i++)
    if (sockets[i] == fd) sockets[i] = sockets[--socket_count];
  upgraded[fd] = 0;
  close(fd);
}

static void broadcast(const uint8_t *payload, size_t len) {
  static uint8_t frame[4 + FRAME_MAX];
  size_t head = len < 126 ? 2 : 4;
  frame[0] = 0x81;
  frame[1] = len < 126 ? (uint8_t)len : 126;
  frame[2] = (uint8_t)(len >> 8);
  frame[3] = (uint8_t)len;
  memcpy(frame + head, payload, len);
  for (int i = 0; i < socket_count; i++) send_all(sockets[i], frame, head + len);
}

/* Frames of the driver are small and come whole: its sends to one socket are far apart. */
static void on_readable(int fd) {
  static uint8_t data[FRAME_MAX * 2];
  ssize_t n = recv(fd, data, sizeof data, 0);
  if (n <= 0) {
    if (n < 0 && errno == EAGAIN) return;
    return forget(fd);
  }
  if (!upgraded[fd]) {
    upgraded[fd] = 1;
    sockets[socket_count++] = fd;
    return send_all(fd, (const uint8_t *)ANSWER, strlen(ANSWER));
  }
  for (size_t at = 0; at + 6 <= (size_t)n;) {
    size_t len = data[at + 1] & 127, head = 6;
    if (len == 126) {
      len = (size_t)data[at + 2] << 8 | data[at + 3];
      head = 8;
    }
    if ((data[at] & 15) == 1) broadcast(data + at + head, len);
    at += head + len;
  }
}

static void on_connection(int listener, int epoll_fd) {
  int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return;
  if (socket_count == SOCKETS_MAX || fd >= (int)sizeof upgraded) {
    close(fd);
    return;
  }
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), epoll_fd = epoll_create1(0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 4096)) return 1;
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("{\"port\":%d}\n", ntohs(address.sin_port));
  fflush(stdout);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[256];
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int n = epoll_wait(epoll_fd, events, 256, -1);
    for (int i = 0; i < n; i++)
      if (events[i].data.fd == listener) on_connection(listener, epoll_fd);
      else on_readable(events[i].data.fd);
  }
}
