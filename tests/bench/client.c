/* A closed-loop bidder's client, as lean as it can be: what is measured is the server.
 *
 *     client PORT SECONDS WARM_UP_SECONDS STEP [NOTES]  <  "slot round amount session" lines
 *
 * Each line is a websocket on a round. The sockets of one slot bid in turn, one bid on its way at a time; each
 * bid is STEP fen more than the last on its round, with a key of its own. Prints one line of JSON: bids answered
 * after the warm-up, how many were accepted, and send-to-answer times in ms. Into the file NOTES goes a line for
 * each of these that was accepted: its place in the record, when it was sent and when it was answered, both in ns
 * by CLOCK_MONOTONIC.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 8192, ROUNDS = 1 << 20, BUFFER = 1 << 17, SAMPLES = 1 << 22 };

struct connection {
    int fd, slot, round, next; /* next: the slot's next socket */
    char *buffer;
    size_t filled;
    double sent;
};

static struct connection all[MOST];
static int slots[MOST], count, on_their_way;
static long long price[ROUNDS];
static float *samples;
static size_t sampled, accepted, bytes;
static long step;
static unsigned long long keys;
static FILE *notes;

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec + at.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void bid(struct connection *c) {
    unsigned char frame[256];
    char text[200];
    price[c->round] += step;
    int length = snprintf(text, sizeof text, "{\"type\":\"bid\",\"key\":\"%08x-0000-4000-8000-%012llx\",\"amount\":%lld}",
                          (unsigned)getpid(), ++keys, price[c->round]);
    frame[0] = 0x81; /* one text frame, masked by zeros; always shorter than 126 */
    frame[1] = 0x80 | length;
    memset(frame + 2, 0, 4);
    memcpy(frame + 6, text, length);
    c->sent = now();
    if (send(c->fd, frame, length + 6, MSG_NOSIGNAL) != length + 6) fail("send");
    on_their_way++;
}

static void open_socket(struct connection *c, int port, const char *session) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int yes = 1;
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    char text[1024];
    int length = snprintf(text, sizeof text,
                          "GET /ws/rounds/%d/ HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\n"
                          "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nCookie: sessionid=%s\r\n\r\n",
                          c->round, port, port, session);
    if (send(c->fd, text, length, MSG_NOSIGNAL) != length) fail("handshake");
    c->buffer = malloc(BUFFER);
    char *end = NULL;
    while (!end) {
        ssize_t got = recv(c->fd, c->buffer + c->filled, BUFFER - 1 - c->filled, 0);
        if (got <= 0) fail("handshake");
        c->filled += got;
        c->buffer[c->filled] = 0;
        end = strstr(c->buffer, "\r\n\r\n");
    }
    if (strncmp(c->buffer, "HTTP/1.1 101", 12)) {
        fprintf(stderr, "%.200s\n", c->buffer);
        exit(1);
    }
    c->filled -= end + 4 - c->buffer;
    memmove(c->buffer, end + 4, c->filled);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
}

/* Return whether the text answers a bid. */
static int answers(const char *text, size_t length, int *yes) {
    /* With or without a space after the colon, as the stock JSON writer puts it. */
    const char *type = text + (length > 8 && text[8] == ' ' ? 9 : 8);
    *yes = length > 20 && !memcmp(type, "\"accepted\"", 10);
    return *yes || (length > 19 && !memcmp(type, "\"refused\"", 9));
}

static void note(const struct connection *c, const char *text, size_t length) {
    const char *seq = memmem(text, length, "\"seq\":", 6);
    if (seq) fprintf(notes, "%lld %.0f %.0f\n", atoll(seq + 6), c->sent * 1e9, now() * 1e9);
}

/* Answer a ping, which is no longer than 125 bytes: who does not is hung up on after twenty seconds or forty. */
static void pong(struct connection *c, const char *payload, size_t length) {
    unsigned char frame[6 + 125] = {0x8a, 0x80 | length};
    memcpy(frame + 6, payload, length);
    send(c->fd, frame, 6 + length, MSG_NOSIGNAL);
}

/* Take all whole frames out of the buffer; return how many of them answered a bid. */
static int take_frames(struct connection *c, int measuring) {
    size_t at = 0;
    int answered = 0, yes;
    while (c->filled - at >= 2) {
        unsigned char *head = (unsigned char *)c->buffer + at;
        size_t length = head[1] & 127, header = 2;
        if (length == 126) header = 4;
        if (length == 127) header = 10;
        if (c->filled - at < header) break;
        if (length == 126) length = head[2] << 8 | head[3];
        else if (length == 127) length = (size_t)head[6] << 24 | head[7] << 16 | head[8] << 8 | head[9];
        if (c->filled - at < header + length) break;
        if ((head[0] & 15) == 8) {
            fprintf(stderr, "closed by the server: %d\n", length > 1 ? head[header] << 8 | head[header + 1] : 0);
            exit(1);
        }
        if ((head[0] & 15) == 9) pong(c, c->buffer + at + header, length);
        if (answers(c->buffer + at + header, length, &yes)) {
            answered++;
            on_their_way--;
            if (measuring && sampled < SAMPLES) {
                samples[sampled++] = (now() - c->sent) * 1e3;
                accepted += yes;
                if (yes && notes) note(c, c->buffer + at + header, length);
            }
        }
        at += header + length;
    }
    c->filled -= at;
    memmove(c->buffer, c->buffer + at, c->filled);
    return answered;
}

/* Read what came; return whether there is anything. */
static int receive(struct connection *c) {
    ssize_t got = recv(c->fd, c->buffer + c->filled, BUFFER - c->filled, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN)) fail("the server hung up");
    if (got < 0) return 0;
    c->filled += got, bytes += got;
    return 1;
}

/* Hear those who are connected while the others still come. */
static void hear(int poll) {
    struct epoll_event ready[256];
    int n = epoll_wait(poll, ready, 256, 0);
    for (int i = 0; i < n; i++)
        if (receive(&all[ready[i].data.u32])) take_frames(&all[ready[i].data.u32], 0);
}

static int by_value(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static double part(double of) { return sampled ? samples[(size_t)((sampled - 1) * of)] : -1; }

int main(int argc, char **argv) {
    if (argc != 5 && argc != 6) return 2;
    if (argc == 6 && !(notes = fopen(argv[5], "w"))) fail("notes");
    int port = atoi(argv[1]), slot, round;
    double seconds = atof(argv[2]), warm = atof(argv[3]);
    step = atol(argv[4]);
    samples = malloc(SAMPLES * sizeof *samples);
    long long amount;
    char session[128];
    int poll = epoll_create1(0);
    memset(slots, -1, sizeof slots);
    while (count < MOST && scanf("%d %d %lld %127s", &slot, &round, &amount, session) == 4) {
        struct connection *c = &all[count];
        c->slot = slot, c->round = round;
        price[round] = amount;
        open_socket(c, port, session);
        c->next = slots[slot] < 0 ? count : all[slots[slot]].next;
        if (slots[slot] >= 0) all[slots[slot]].next = count;
        slots[slot] = count;
        struct epoll_event wanted = {.events = EPOLLIN, .data.u32 = count++};
        epoll_ctl(poll, EPOLL_CTL_ADD, c->fd, &wanted);
        if (count % 16 == 0) hear(poll);
    }
    double start = now(), from = start + warm, until = from + seconds, at = start, last = from;
    for (int i = 0; i < MOST; i++)
        if (slots[i] >= 0) bid(&all[slots[i]]);
    while (on_their_way && at < until + 5) {
        struct epoll_event ready[256];
        int n = epoll_wait(poll, ready, 256, 100);
        at = now();
        for (int i = 0; i < n; i++) {
            struct connection *c = &all[ready[i].data.u32];
            if (!receive(c)) continue;
            int measuring = at >= from && at < until;
            if (take_frames(c, measuring)) {
                if (measuring) last = at;
                if (at < until) bid(&all[c->next]);
            }
        }
    }
    qsort(samples, sampled, sizeof *samples, by_value);
    printf("{\"answered\":%zu,\"accepted\":%zu,\"seconds\":%.4f,\"p50\":%.4f,\"p99\":%.4f,\"longest\":%.4f,\"lost\":%d,\"bytes\":%zu}\n",
           sampled, accepted, last > from ? seconds : 0, part(.5), part(.99), part(1), on_their_way, bytes);
    return 0;
}
