/* The floor of fan-out: one thread, epoll, one prebuilt frame written to every socket; nothing is checked.
 *
 * floor PORT: answers any request with 101; `GET /publish?n=N` writes a frame that holds `PUB<N>:<ns>` to all others.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int fds[1 << 17], many;
static char buffer[1 << 16];

static void publish(const char *number) {
  struct timespec t;
  char text[512], frame[600] = {0};
  clock_gettime(CLOCK_MONOTONIC, &t);
  int size = snprintf(text, sizeof text, "{\"type\":\"event\",\"cid\":\"PUB%d:%ld\",\"pad\":\"%0260d\"}", atoi(number),
                      t.tv_sec * 1000000000L + t.tv_nsec, 0);
  frame[0] = (char)0x81, frame[1] = 126, frame[2] = size >> 8, frame[3] = size & 255;
  memcpy(frame + 4, text, size);
  for (int i = 0; i < many; i++)
    if (write(fds[i], frame, size + 4) < 0) perror("write");
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  int one = 1, server = socket(AF_INET, SOCK_STREAM, 0), loop = epoll_create1(0);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(0x7f000001)};
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(server, (struct sockaddr *)&at, sizeof at) || listen(server, 4096)) { perror("bind"); return 1; }
  struct epoll_event events[512], add = {.events = EPOLLIN, .data.fd = server};
  epoll_ctl(loop, EPOLL_CTL_ADD, server, &add);
  for (;;) {
    int ready = epoll_wait(loop, events, 512, -1);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == server) {
        fd = accept(server, NULL, NULL);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        add.data.fd = fd;
        epoll_ctl(loop, EPOLL_CTL_ADD, fd, &add);
        continue;
      }
      ssize_t size = read(fd, buffer, sizeof buffer - 1);
      if (size <= 0) { close(fd); continue; }
      buffer[size] = 0;
      char *asked = strstr(buffer, "GET /publish?n=");
      if (asked) {
        publish(asked + 15);
        dprintf(fd, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        close(fd);
      } else {
        dprintf(fd, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
        fds[many++] = fd;
      }
    }
  }
}
