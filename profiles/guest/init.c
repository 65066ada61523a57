// SPDX-License-Identifier: MIT
/*
 * The first process of a kernel that is tried in a virtual machine. It does what the kernel's command line asks for after `--`, says how
 * each step ended as a line of the Test Anything Protocol, and powers off:
 *
 *   livepatch=MODULE SHOWS=FILE  loads a livepatch, which must change what FILE says, disables it, and removes it
 *   kselftest=DIRECTORY          runs the tests of an installed kselftest there, each alone
 *
 * All is said through /dev/kmsg: what the kernel says and what we say come out whole and in their order, where two writers of a console
 * would cut each other's lines. No line is longer than printk takes (PRINTKRB_RECORD_MAX of kernel/printk/printk.c, 1024).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_LINE 900
#define MAX_TEXT 4096
#define MAX_OUTPUT (256 * 1024)
/* A transition ends when each task was seen once outside of what is patched (Documentation/livepatch/livepatch.rst, 3). */
#define WAIT_SECONDS 60

static int log_fd = -1;
static int steps;

/* Level 1: on the console whatever else is not (loglevel= of the command line). */
static void say(const char *format, ...)
{
	char line[MAX_LINE];
	va_list arguments;
	int start = snprintf(line, sizeof(line), "<1>kbuild-review: ");
	va_start(arguments, format);
	vsnprintf(line + start, sizeof(line) - start, format, arguments);
	va_end(arguments);
	if (write(log_fd, line, strlen(line)) < 0)
		sleep(1);
}

static int passed(const char *what, const char *step)
{
	say("ok %d - %s: %s", ++steps, what, step);
	return 1;
}

static int failed(const char *what, const char *step, const char *why)
{
	say("not ok %d - %s: %s # %s", ++steps, what, step, why);
	return 0;
}

static int judge(const char *what, const char *step, const char *why)
{
	return why == NULL ? passed(what, step) : failed(what, step, why);
}

/* The text of a small file, without the end of its last line; empty where it cannot be read. */
static void read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY);
	size_t length = 0;
	ssize_t got = 0;
	while (fd >= 0 && length < size - 1 && (got = read(fd, text + length, size - 1 - length)) > 0)
		length += got;
	if (fd >= 0)
		close(fd);
	while (length > 0 && text[length - 1] == '\n')
		length--;
	text[length] = '\0';
}

static void wait_a_little(void)
{
	struct timespec tenth = { .tv_nsec = 100 * 1000 * 1000 };
	nanosleep(&tenth, NULL);
}

static const char *load_module(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	long result = fd < 0 ? -1 : syscall(SYS_finit_module, fd, "", 0);
	const char *why = result == 0 ? NULL : strerror(errno);
	if (fd >= 0)
		close(fd);
	return why;
}

static const char *remove_module(const char *name)
{
	for (int tenths = 0; tenths < WAIT_SECONDS * 10; tenths++) {
		if (syscall(SYS_delete_module, name, O_NONBLOCK) == 0)
			return NULL;
		if (errno != EAGAIN && errno != EBUSY)
			break;
		wait_a_little();
	}
	return strerror(errno);
}

/* Waits until a file says a text, or, where that is NULL, until it is gone. */
static const char *wait_for(const char *path, const char *text)
{
	char now[MAX_TEXT];
	for (int tenths = 0; tenths < WAIT_SECONDS * 10; tenths++) {
		read_text(path, now, sizeof(now));
		if (text == NULL ? access(path, F_OK) != 0 : strcmp(now, text) == 0)
			return NULL;
		wait_a_little();
	}
	return "the transition does not end";
}

static const char *write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	ssize_t written = fd < 0 ? -1 : write(fd, text, strlen(text));
	const char *why = written < 0 ? strerror(errno) : NULL;
	if (fd >= 0)
		close(fd);
	return why;
}

/* `livepatch-sample` of `/boot/livepatch-sample.ko`, and as the kernel names it, with `_` (KBUILD_MODNAME). */
static void name_module(const char *path, char *file, char *name, size_t size)
{
	const char *base = strrchr(path, '/');
	snprintf(file, size, "%s", base == NULL ? path : base + 1);
	snprintf(name, size, "%.*s", (int)strcspn(file, "."), file);
	for (char *at = name; *at != '\0'; at++)
		if (*at == '-')
			*at = '_';
}

static int try_livepatch(const char *module, const char *shows)
{
	char file[128], name[128], path[256], before[MAX_TEXT], now[MAX_TEXT];
	const char *why;
	name_module(module, file, name, sizeof(name));
	read_text(shows, before, sizeof(before));
	if (!judge(file, "loads", load_module(module)))
		return 0;
	snprintf(path, sizeof(path), "/sys/kernel/livepatch/%s/transition", name);
	if (!judge(file, "ends its transition", wait_for(path, "0")))
		return 0;
	read_text(shows, now, sizeof(now));
	why = strcmp(before, now) == 0 ? "it says the same as before" : NULL;
	if (!judge(file, "changes what it patches", why))
		return 0;
	snprintf(path, sizeof(path), "/sys/kernel/livepatch/%s/enabled", name);
	why = write_text(path, "0");
	snprintf(path, sizeof(path), "/sys/kernel/livepatch/%s", name);
	if (!judge(file, "is disabled", why != NULL ? why : wait_for(path, NULL)))
		return 0;
	read_text(shows, now, sizeof(now));
	why = strcmp(before, now) == 0 ? NULL : "it does not say what it said before";
	if (!judge(file, "leaves what it patched as it was", why))
		return 0;
	return judge(file, "is removed", remove_module(name));
}

/* Runs one test as kselftest does; what it prints comes to `output`. Its status as wait(2) has it, or -1. */
static int run_test(const char *directory, const char *test, char *output, size_t size)
{
	char runner[256], rest[4096];
	int ends[2], status = -1;
	size_t length = 0;
	ssize_t got;
	pid_t child;
	snprintf(runner, sizeof(runner), "%s/run_kselftest.sh", directory);
	if (pipe(ends) != 0)
		return -1;
	child = fork();
	if (child == 0) {
		dup2(open("/dev/null", O_RDONLY), 0);
		dup2(ends[1], 1);
		dup2(ends[1], 2);
		close(ends[0]);
		close(ends[1]);
		execl("/bin/bash", "bash", runner, "-t", test, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	while ((got = length < size - 1 ? read(ends[0], output + length, size - 1 - length)
					: read(ends[0], rest, sizeof(rest))) > 0)
		length += length < size - 1 ? got : 0;
	output[length] = '\0';
	close(ends[0]);
	if (child > 0)
		waitpid(child, &status, 0);
	return status;
}

/* Said only when the test has ended: tests read the kernel's log, and must not find each other there. */
static void tell_test(const char *test, char *output, int status)
{
	char *rest = output, *line;
	int results = 0;
	while ((line = strsep(&rest, "\n")) != NULL) {
		const char *name = NULL;
		int is_good = strncmp(line, "ok ", 3) == 0;
		if (is_good || strncmp(line, "not ok ", 7) == 0)
			name = strchr(line + (is_good ? 3 : 7), ' ');
		if (name != NULL) {
			say("%s %d%s", is_good ? "ok" : "not ok", ++steps, name);
			results++;
		} else if (*line != '\0') {
			say("%s%s", *line == '#' ? "" : "# ", line);
		}
	}
	if (results == 0)
		say("not ok %d selftests: %s # no result, status %d", ++steps, test,
		    WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static void try_kselftest(const char *directory)
{
	static char output[MAX_OUTPUT], list[MAX_TEXT];
	char path[256], *rest = list, *test;
	struct utsname names;
	uname(&names);
	mkdir("/lib/modules", 0755);
	snprintf(path, sizeof(path), "/lib/modules/%s", names.release);
	mkdir(path, 0755);
	/* Tests look whether their modules could be built here (has_kdir() of livepatch/functions.sh); they were already. */
	snprintf(path, sizeof(path), "/lib/modules/%s/build", names.release);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/kselftest-list.txt", directory);
	read_text(path, list, sizeof(list));
	if (*list == '\0')
		failed("kselftest", "has tests", "its list is empty");
	while ((test = strsep(&rest, "\n")) != NULL) {
		if (*test == '\0')
			continue;
		say("# running %s", test);
		tell_test(test, output, run_test(directory, test, output, sizeof(output)));
	}
}

/* Documentation/admin-guide/tainted-kernels.rst: 7 the kernel died (an oops), 9 a warning, 14 a lockup. */
static void judge_kernel(void)
{
	char text[64], why[80];
	unsigned long taint;
	read_text("/proc/sys/kernel/tainted", text, sizeof(text));
	taint = strtoul(text, NULL, 10);
	snprintf(why, sizeof(why), "tainted%s%s%s", taint & 1 << 7 ? ", it died" : "", taint & 1 << 9 ? ", it warned" : "",
		 taint & 1 << 14 ? ", it locked up" : "");
	judge("kernel", "neither warns nor dies", taint & (1 << 7 | 1 << 9 | 1 << 14) ? why : NULL);
}

static void mount_all(void)
{
	static const char *const mounts[][2] = {
		{ "proc", "/proc" },		     { "sysfs", "/sys" }, { "devtmpfs", "/dev" },
		{ "debugfs", "/sys/kernel/debug" }, { "tracefs", "/sys/kernel/tracing" }, { "tmpfs", "/tmp" },
	};
	for (size_t index = 0; index < sizeof(mounts) / sizeof(mounts[0]); index++) {
		mkdir(mounts[index][1], 0755);
		mount(mounts[index][0], mounts[index][1], mounts[index][0], 0, NULL);
	}
	/* What udev makes elsewhere: `<(...)` of bash and the log of kselftest need them. */
	symlink("/proc/self/fd", "/dev/fd");
	symlink("/proc/self/fd/0", "/dev/stdin");
	symlink("/proc/self/fd/1", "/dev/stdout");
	symlink("/proc/self/fd/2", "/dev/stderr");
}

int main(int count, char **arguments)
{
	const char *shows = "/proc/cmdline";
	mount_all();
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("HOME", "/tmp", 1);
	log_fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	passed("kernel", "starts its first process");
	for (int index = 1; index < count; index++) {
		const char *word = arguments[index];
		if (strncmp(word, "shows=", 6) == 0)
			shows = word + 6;
		else if (strncmp(word, "livepatch=", 10) == 0)
			try_livepatch(word + 10, shows);
		else if (strncmp(word, "kselftest=", 10) == 0)
			try_kselftest(word + 10);
	}
	judge_kernel();
	say("1..%d", steps);
	/* The console of s390 gathers lines (drivers/s390/char/sclp_con.c), and power-off loses the last: this one may be lost. */
	say("# powers off");
	wait_a_little();
	reboot(RB_POWER_OFF);
	reboot(RB_AUTOBOOT);
	return 1;
}
