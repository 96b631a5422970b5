/* A crowd of websockets in one thread: opens them, then says when each marked frame has reached all of them.
 *
 * crowd PORT COUNT AT_ONCE PATH COOKIE HELLO [PLACES]
 * Says on stdout `open SECONDS FAILED`, `met SECONDS` once each was sent something after its handshake, then for each frame that holds `PUB<number>:<ns>` `<number> <ns sent> <ns of last receipt>`,
 * times by CLOCK_MONOTONIC. COOKIE `@FILE` gives each socket the next line of a file. HELLO, if not empty, is sent as a masked text frame once a socket is open. Ends with stdin.
 * With PLACES each socket keeps the `"seq"` of the last whole frame it was sent, which is the place of the record it
 * has been told up to. Once all are open, and then whenever the lowest place of them all advances, that file gets
 * `<place> <ns> <sockets still open>`; a lost socket is left out. Pings are answered with PLACES alone.
 * It lives no longer than four minutes.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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
static FILE *cookies;
static char line[256];
static char *is_open; /* 1 after the handshake, 2 after something was sent */
static int met;
static long start, met_at;
static char buffer[1 << 16];
static long number = -1, got, sent_ns;
static FILE *places;
static struct follower { long place; char *rest; size_t kept; } *followers; /* by descriptor; rest: half a frame */
static long lowest = -1;
static int at_lowest, highest_fd;

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
  if (fd > highest_fd) highest_fd = fd;
}

/* Return the cookie of the next socket; after the last line the first comes again. */
static const char *next_cookie(void) {
  if (!cookies) return cookie;
  if (!fgets(line, sizeof line, cookies)) { rewind(cookies); if (!fgets(line, sizeof line, cookies)) exit(1); }
  line[strcspn(line, "\n")] = 0;
  return line;
}

static void ask(int fd) {
  const char *own = next_cookie();
  int size = snprintf(buffer, sizeof buffer,
      "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: http://127.0.0.1:%d\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s%s%s\r\n",
      path, port, port, *own ? "Cookie: " : "", own, *own ? "\r\n" : "");
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
  if (++met == count) met_at = now();
}

/* Say how far the slowest socket has come. */
static void say_lowest(void) {
  if (!opened) return;
  lowest = LONG_MAX, at_lowest = 0;
  for (int fd = 0; fd <= highest_fd; fd++) {
    if (!is_open[fd]) continue;
    if (followers[fd].place < lowest) lowest = followers[fd].place, at_lowest = 0;
    at_lowest += followers[fd].place == lowest;
  }
  fprintf(places, "%ld %ld %d\n", lowest, now(), opened), fflush(places);
}

static void learn(int fd, long place) {
  struct follower *f = &followers[fd];
  if (place <= f->place) return;
  int was_lowest = f->place == lowest;
  f->place = place;
  if (was_lowest && !--at_lowest) say_lowest();
}

static void answer_ping(int fd, const unsigned char *payload, size_t length) {
  unsigned char frame[131] = {0x8a, 0x80 | length};
  memcpy(frame + 6, payload, length); /* at most 125 bytes (RFC 6455 5.5), masked by zeros */
  if (length <= 125 && send(fd, frame, 6 + length, MSG_NOSIGNAL) < 0) perror("pong");
}

/* Take one frame; return its size, or 0 if it is not whole. */
static size_t take_frame(int fd, const unsigned char *at, size_t size) {
  size_t length = size < 2 ? 0 : at[1] & 127, header = length == 126 ? 4 : length == 127 ? 10 : 2;
  if (size < header) return 0;
  if (length == 126) length = at[2] << 8 | at[3];
  else if (length == 127) length = (size_t)at[6] << 24 | at[7] << 16 | at[8] << 8 | at[9];
  if (size < header + length) return 0;
  if ((at[0] & 15) == 9) answer_ping(fd, at + header, length);
  char *seq = memmem(at + header, length, "\"seq\":", 6); /* the first is the frame's own */
  if (seq) learn(fd, atol(seq + 6));
  return header + length;
}

static void follow(int fd, const char *data, size_t size) {
  struct follower *f = &followers[fd];
  size_t taken;
  while ((taken = take_frame(fd, (const unsigned char *)data, size))) data += taken, size -= taken;
  f->kept = size;
  if (size && !(f->rest = realloc(f->rest, size))) { perror("memory"); exit(1); }
  if (size) memcpy(f->rest, data, size);
}

/* Read after what is kept of the frame before. */
static ssize_t hear(int fd) {
  size_t kept = places ? followers[fd].kept : 0;
  if (kept) memcpy(buffer, followers[fd].rest, kept);
  ssize_t size = read(fd, buffer + kept, sizeof buffer - 1 - kept);
  return size > 0 ? size + (ssize_t)kept : size;
}

static void heard(int fd, ssize_t size) {
  char *mark = places ? NULL : memmem(buffer, size, "PUB", 3);
  if (!is_open[fd]) {
    if (size < 12 || memcmp(buffer, "HTTP/1.1 101", 12)) {
      fprintf(stderr, "refused: %.*s\n", (int)strcspn(buffer, "\r"), buffer);
      failed++, opening--, close(fd);
      return;
    }
    is_open[fd] = 1, opened++, opening--;
    char *body = strstr(buffer, "\r\n\r\n") + 4;
    if (body < buffer + size) meet(fd);
    if (places) follow(fd, body, buffer + size - body);
    greet(fd);
    return;
  }
  if (is_open[fd] == 1) meet(fd);
  if (places) follow(fd, buffer, size);
  if (!mark) return;
  long which = strtol(mark + 3, NULL, 10);
  if (which != number) number = which, got = 0, sent_ns = strtol(strchr(mark, ':') + 1, NULL, 10);
  if (++got == opened) printf("%ld %ld %ld\n", number, sent_ns, now()), fflush(stdout);
}

static void lose(int fd) {
  is_open[fd] = 0, opened--;
  if (places) say_lowest();
}

int main(int argc, char **argv) {
  if (argc != 7 && argc != 8) return 2;
  if (argc == 8 && !(places = fopen(argv[7], "w"))) { perror("places"); return 1; }
  alarm(240);
  port = atoi(argv[1]), count = atoi(argv[2]);
  int at_once = atoi(argv[3]);
  path = argv[4], cookie = argv[5], hello = argv[6];
  if (*cookie == '@' && !(cookies = fopen(cookie + 1, "r"))) { perror("cookies"); return 1; }
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  is_open = calloc(1 << 20, 1);
  followers = calloc(1 << 20, sizeof *followers);
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
      if (places) say_lowest();
    }
    if (told && met_at) printf("met %.6f\n", (met_at - start) / 1e9), fflush(stdout), met_at = 0; /* after `open` */
    int ready = epoll_wait(loop, events, 512, 1000);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == 0) return 0;
      if (events[i].events & EPOLLOUT) { ask(fd); continue; }
      ssize_t size = hear(fd);
      if (size > 0) { buffer[size] = 0; heard(fd, size); }
      else if (size == 0 || errno != EAGAIN) { if (is_open[fd]) lose(fd); else { perror("refused"); failed++; opening--; } close(fd); }
    }
  }
}
