/* Preloaded into a process: notes every write, cut, sync and removal of the files whose path begins with WN_RECORD_UNDER, in their
 * order, in the file WN_RECORD. `power.py` makes of the notes what a disk may hold that loses its power at any moment.
 *
 * A note is: kind (4 bytes), length of the path (4), offset (8), length of the data (8), path, data. A sync is noted and not done:
 * the disk is imagined. Shared memory (-shm) is rebuilt from the log by SQLite itself and is not noted.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, CUT = 2, SYNC = 3, REMOVE = 4 };

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int notes = -1;

static int is_ours(const char *path) {
    const char *under = getenv("WN_RECORD_UNDER");
    size_t length = strlen(path);
    return under && !strncmp(path, under, strlen(under)) && !(length > 4 && !strcmp(path + length - 4, "-shm"));
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return is_ours(path);
}

static void note(uint32_t kind, const char *path, int64_t offset, const void *data, int64_t length) {
    if (notes < 0) notes = syscall(SYS_openat, AT_FDCWD, getenv("WN_RECORD"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    struct { uint32_t kind, path; int64_t offset, length; } head = {kind, strlen(path), offset, length};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)path, head.path}, {(void *)data, data ? length : 0}};
    syscall(SYS_writev, notes, parts, 3);
}


static ssize_t noted_write(int fd, const void *data, size_t size, off_t offset, int moves) {
    char path[PATH_MAX];
    int ours = path_of(fd, path);
    if (ours) pthread_mutex_lock(&turn);
    off_t at = moves ? lseek(fd, 0, SEEK_CUR) : offset;
    ssize_t done = moves ? syscall(SYS_write, fd, data, size) : syscall(SYS_pwrite64, fd, data, size, offset);
    if (ours) {
        if (done > 0) note(WRITE, path, at, data, done);
        pthread_mutex_unlock(&turn);
    }
    return done;
}

ssize_t write(int fd, const void *data, size_t size) { return noted_write(fd, data, size, 0, 1); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return noted_write(fd, data, size, offset, 0); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) { return noted_write(fd, data, size, offset, 0); }

static int noted_cut(int fd, off_t length) {
    char path[PATH_MAX];
    int ours = path_of(fd, path);
    if (ours) pthread_mutex_lock(&turn);
    int done = syscall(SYS_ftruncate, fd, length);
    if (ours) {
        if (!done) note(CUT, path, length, NULL, 0);
        pthread_mutex_unlock(&turn);
    }
    return done;
}

int ftruncate(int fd, off_t length) { return noted_cut(fd, length); }
int ftruncate64(int fd, off64_t length) { return noted_cut(fd, length); }

static int noted_sync(int fd, long call) {
    char path[PATH_MAX];
    if (!path_of(fd, path)) return syscall(call, fd);
    pthread_mutex_lock(&turn);
    note(SYNC, path, 0, NULL, 0);
    pthread_mutex_unlock(&turn);
    return 0;
}

int fsync(int fd) { return noted_sync(fd, SYS_fsync); }
int fdatasync(int fd) { return noted_sync(fd, SYS_fdatasync); }

int unlink(const char *path) {
    int ours = is_ours(path);
    if (ours) pthread_mutex_lock(&turn);
    int done = syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (ours) {
        if (!done) note(REMOVE, path, 0, NULL, 0);
        pthread_mutex_unlock(&turn);
    }
    return done;
}
