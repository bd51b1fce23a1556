/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tcp_server.c - three TCP services of one process that waits with epoll: an
 * echo on port 1236, a sink on port 5201, and on port 80 the files of /site,
 * sent by sendfile() without a copy through this process.
 *
 * One connection is busy at a time while it is measured, so writes may block.
 */
#include "bench/linux/sys.h"

#define PORT_ECHO 1236u
#define PORT_SINK 5201u
#define PORT_HTTP 80u
#define BACKLOG   64u
#define FDS       256u
#define EVENTS    16u
#define PATH_MAX  64u

/* What a descriptor is: the value that epoll hands back. */
enum role { NOTHING, LISTEN, ECHO, SINK, HTTP };

static struct {
    uint8_t role; /* of the connection, or of those accepted here */
    bool is_listener;
} fds[FDS];

static struct {
    uint64_t epoll;
    uint8_t data[1 << 16];
} server;

static void watch(uint64_t fd)
{
    struct epoll_event event = { .events = EPOLLIN, .data = fd };

    (void)sys_call(
        SYS_EPOLL_CTL, server.epoll, EPOLL_CTL_ADD, fd, (uint64_t)&event, 0, 0);
}

static void serve(uint16_t port, enum role role)
{
    uint64_t fd = sys_bound_socket(SOCK_STREAM, port);

    if (fd >= FDS || sys_call(SYS_LISTEN, fd, BACKLOG, 0, 0, 0, 0) < 0) {
        sys_exit(1);
    }
    fds[fd].role = (uint8_t)role;
    fds[fd].is_listener = true;
    watch(fd);
}

static void accept_one(uint64_t listener)
{
    int64_t fd = sys_call(SYS_ACCEPT, listener, 0, 0, 0, 0, 0);
    uint32_t one = 1;

    if (fd < 0) {
        return;
    }
    if (fd >= (int64_t)FDS) {
        (void)sys_call(SYS_CLOSE, (uint64_t)fd, 0, 0, 0, 0, 0);
        return;
    }
    (void)sys_call(SYS_SETSOCKOPT, (uint64_t)fd, IPPROTO_TCP, TCP_NODELAY,
        (uint64_t)&one, sizeof(one), 0);
    fds[fd].role = fds[listener].role;
    fds[fd].is_listener = false;
    watch((uint64_t)fd);
}

/* Sends all of `len` bytes of server.data. */
static bool write_all(uint64_t fd, uint64_t len, uint64_t flags)
{
    for (uint64_t at = 0; at < len;) {
        int64_t done = sys_call(
            SYS_SENDTO, fd, (uint64_t)server.data + at, len - at, flags, 0, 0);

        if (done <= 0) {
            return false;
        }
        at += (uint64_t)done;
    }
    return true;
}

static uint32_t put(uint32_t at, const char *text)
{
    for (; *text != '\0'; text++) {
        server.data[at++] = (uint8_t)*text;
    }
    return at;
}

static uint32_t put_number(uint32_t at, uint64_t value)
{
    char digits[21];
    uint32_t n = sizeof(digits) - 1;

    digits[n] = '\0';
    do {
        digits[--n] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    return put(at, digits + n);
}

/* The path of a request "GET /name ..." below /site; its end in *path. */
static bool read_path(uint64_t len, char *path)
{
    uint32_t to = 0;

    for (const char *p = "/site"; *p != '\0'; p++) {
        path[to++] = *p;
    }
    for (uint64_t from = 4; from < len && to < PATH_MAX - 1; from++) {
        if (server.data[from] == ' ') {
            path[to] = '\0';
            return true;
        }
        path[to++] = (char)server.data[from];
    }
    return false;
}

/* One request, which came in one piece; a false answer ends the connection. */
static bool answer(uint64_t fd, uint64_t len)
{
    char path[PATH_MAX];

    if (!read_path(len, path)) {
        return false;
    }
    int64_t file =
        sys_call(SYS_OPENAT, (uint64_t)AT_FDCWD, (uint64_t)path, 0, 0, 0, 0);
    if (file < 0) {
        return false;
    }
    int64_t size = sys_call(SYS_LSEEK, (uint64_t)file, 0, SEEK_END, 0, 0, 0);
    uint32_t head = put(0, "HTTP/1.1 200 OK\r\nContent-Length: ");
    head = put(put_number(head, (uint64_t)size), "\r\n\r\n");

    bool ok = write_all(fd, head, MSG_MORE);
    uint64_t offset = 0;
    while (ok && offset < (uint64_t)size) {
        ok = sys_call(SYS_SENDFILE, fd, (uint64_t)file, (uint64_t)&offset,
                 (uint64_t)size - offset, 0, 0) > 0;
    }
    (void)sys_call(SYS_CLOSE, (uint64_t)file, 0, 0, 0, 0, 0);
    return ok;
}

static void handle(uint64_t fd)
{
    int64_t got = sys_call(
        SYS_READ, fd, (uint64_t)server.data, sizeof(server.data), 0, 0, 0);
    bool ok = got > 0;

    if (ok && fds[fd].role == ECHO) {
        ok = write_all(fd, (uint64_t)got, 0);
    } else if (ok && fds[fd].role == HTTP) {
        ok = answer(fd, (uint64_t)got);
    }
    if (!ok) {
        fds[fd].role = NOTHING;
        (void)sys_call(SYS_CLOSE, fd, 0, 0, 0, 0, 0);
    }
}

void _start(void);

void _start(void)
{
    server.epoll = (uint64_t)sys_call(SYS_EPOLL_CREATE1, 0, 0, 0, 0, 0, 0);
    serve(PORT_ECHO, ECHO);
    serve(PORT_SINK, SINK);
    serve(PORT_HTTP, HTTP);
    for (;;) {
        struct epoll_event event[EVENTS];
        int64_t n = sys_call(SYS_EPOLL_PWAIT, server.epoll, (uint64_t)event,
            EVENTS, (uint64_t)-1, 0, 0);

        for (int64_t i = 0; i < n; i++) {
            uint64_t fd = event[i].data;
            if (fds[fd].is_listener) {
                accept_one(fd);
            } else {
                handle(fd);
            }
        }
    }
}
