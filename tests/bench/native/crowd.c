/* A crowd of websockets in one thread: opens them, then says when each marked frame has reached all of them.
 *
 * crowd PORT COUNT AT_ONCE PATH COOKIE HELLO
 * Says on stdout `open SECONDS FAILED`, `met SECONDS` once each was sent something after its handshake, then for each frame that holds `PUB<number>:<ns>` `<number> <ns sent> <ns of last receipt>`,
 * times by CLOCK_MONOTONIC. HELLO, if not empty, is sent as a masked text frame once a socket is open. Ends with stdin.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int port, count, opening, opened, failed, begun, loop;
static const char *path, *cookie, *hello;
static char *is_open; /* 1 after the handshake, 2 after something was sent */
static int met;
static long start;
static char buffer[1 << 16];
static long number = -1, got, sent_ns;

static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void begin(void) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
  struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (fd < 0) { perror("socket"); exit(1); }
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  from.sin_addr.s_addr = htonl(0x7f000002 + begun / 20000);
  to.sin_addr.s_addr = htonl(0x7f000001);
  setsockopt(fd, SOL_IP, 24 /* IP_BIND_ADDRESS_NO_PORT */, &one, sizeof one);
  bind(fd, (struct sockaddr *)&from, sizeof from);
  if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) { perror("connect"); exit(1); }
  struct epoll_event event = {.events = EPOLLOUT, .data.fd = fd};
  epoll_ctl(loop, EPOLL_CTL_ADD, fd, &event);
  begun++, opening++;
}

static void ask(int fd) {
  int size = snprintf(buffer, sizeof buffer,
      "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: http://127.0.0.1:%d\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s%s%s\r\n",
      path, port, port, *cookie ? "Cookie: " : "", cookie, *cookie ? "\r\n" : "");
  if (write(fd, buffer, size) != size) { failed++; return; }
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  epoll_ctl(loop, EPOLL_CTL_MOD, fd, &event);
}

static void greet(int fd) {
  unsigned char frame[64] = {0x81, 0x80 | strlen(hello), 0, 0, 0, 0};
  memcpy(frame + 6, hello, strlen(hello));
  if (*hello && write(fd, frame, 6 + strlen(hello)) < 0) failed++;
}

static void meet(int fd) {
  is_open[fd] = 2;
  if (++met == count) printf("met %.6f\n", (now() - start) / 1e9), fflush(stdout);
}

static void heard(int fd, ssize_t size) {
  char *mark = memmem(buffer, size, "PUB", 3);
  if (!is_open[fd]) {
    if (size < 12 || memcmp(buffer, "HTTP/1.1 101", 12)) {
      fprintf(stderr, "refused: %.*s\n", (int)strcspn(buffer, "\r"), buffer);
      failed++, opening--, close(fd);
      return;
    }
    is_open[fd] = 1, opened++, opening--;
    if (strstr(buffer, "\r\n\r\n") + 4 < buffer + size) meet(fd);
    greet(fd);
    return;
  }
  if (is_open[fd] == 1) meet(fd);
  if (!mark) return;
  long which = strtol(mark + 3, NULL, 10);
  if (which != number) number = which, got = 0, sent_ns = strtol(strchr(mark, ':') + 1, NULL, 10);
  if (++got == opened) printf("%ld %ld %ld\n", number, sent_ns, now()), fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc != 7) return 2;
  port = atoi(argv[1]), count = atoi(argv[2]);
  int at_once = atoi(argv[3]);
  path = argv[4], cookie = argv[5], hello = argv[6];
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  is_open = calloc(1 << 20, 1);
  loop = epoll_create1(0);
  struct epoll_event events[512], in = {.events = EPOLLIN, .data.fd = 0};
  epoll_ctl(loop, EPOLL_CTL_ADD, 0, &in);
  start = now();
  int told = 0;
  for (;;) {
    while (begun < count && opening < at_once) begin();
    if (!told && opened + failed >= count) {
      printf("open %.6f %d\n", (now() - start) / 1e9, failed), fflush(stdout);
      told = 1;
    }
    int ready = epoll_wait(loop, events, 512, 1000);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == 0) return 0;
      if (events[i].events & EPOLLOUT) { ask(fd); continue; }
      ssize_t size = read(fd, buffer, sizeof buffer - 1);
      if (size > 0) { buffer[size] = 0; heard(fd, size); }
      else if (size == 0 || errno != EAGAIN) { if (is_open[fd]) { is_open[fd] = 0; opened--; } else { perror("refused"); failed++; opening--; } close(fd); }
    }
  }
}
