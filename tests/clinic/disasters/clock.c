/* Preloaded into a process: its clock on the wall is ahead by the seconds that stand, as a 64-bit number, in the file WN_CLOCK.
 * Written anew, the clock jumps while the process runs. Clocks that only measure spans go on as they are.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *ahead;

static int64_t ahead_s(void) {
    if (!ahead) {
        int fd = open(getenv("WN_CLOCK"), O_RDONLY | O_CLOEXEC);
        void *seen = mmap(NULL, sizeof *ahead, PROT_READ, MAP_SHARED, fd, 0);
        if (seen == MAP_FAILED) abort();
        close(fd);
        ahead = seen;
    }
    return *ahead;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int done = syscall(SYS_clock_gettime, clock, now);
    if (!done && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += ahead_s();
    return done;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *kept) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (kept) *kept = now.tv_sec;
    return now.tv_sec;
}
