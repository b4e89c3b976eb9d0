/* Both ends of a measurement over UDP on loopback, as small as they can be.
 *   udp echo PORT LENGTH               answers each datagram with LENGTH octets, the first one copied
 *   udp ask PORT SECONDS WINDOW FILE   sends what is in FILE with a first octet that counts up, WINDOW at a time;
 *                                      prints answers, lost ones, octets of the last answer
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int count, char **given) {
    static unsigned char octets[65536];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int sock = socket(AF_INET, SOCK_DGRAM, 0), room = 4 << 20;
    if (count < 4 || sock < 0) return 2;
    address.sin_port = htons(atoi(given[2]));
    setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (!strcmp(given[1], "echo")) {
        if (bind(sock, (struct sockaddr *)&address, sizeof address)) return 1;
        for (size_t length = atoi(given[3]);;) {
            struct sockaddr_in from;
            socklen_t size = sizeof from;
            if (recvfrom(sock, octets, sizeof octets, 0, (struct sockaddr *)&from, &size) > 0)
                sendto(sock, octets, length, 0, (struct sockaddr *)&from, size);
        }
    }
    FILE *file = fopen(given[5], "rb");
    if (!file || connect(sock, (struct sockaddr *)&address, sizeof address)) return 1;
    static unsigned char request[65536];
    size_t length = fread(request, 1, sizeof request, file);
    long answers = 0, lost = 0, flying = 0, last = 0, window = atoi(given[4]);
    for (double until = now() + atof(given[3]); now() < until;) {
        while (flying < window) {
            request[0]++;
            send(sock, request, length, 0);
            flying++;
        }
        struct pollfd wait = {.fd = sock, .events = POLLIN};
        if (poll(&wait, 1, 200) == 0) {
            lost += flying;
            flying = 0;
            continue;
        }
        long got;
        while ((got = recv(sock, octets, sizeof octets, MSG_DONTWAIT)) > 0) {
            answers++;
            flying--;
            last = got;
        }
    }
    printf("%ld %ld %ld\n", answers, lost, last);
    return 0;
}
