/*
 * cage_lock.c: what a caged process gives up; see cage_lock.h.
 *
 * seccomp leaves it the system calls of computing and of reading. What a
 * library may try by the way is refused with an error, and it goes on; what
 * only an attack would try ends it. Landlock then judges which files: without
 * it no file can be opened at all.
 */
#include "cage_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST_FILES 64 /* open at a time */
#define MOST_FILTER ((off_t)64 << 10)
/* Of files, beside the memory that is granted, in bytes. */
#define MOST_MAPPED ((rlim_t)256 << 20)

/* All that Landlock can refuse, by its versions; the headers of a system may
 * be older than its kernel. linux/landlock.h of 6.12 names the bits. */
#define LANDLOCK_FILES_1 ((1ULL << 13) - 1)
#define LANDLOCK_REFER (1ULL << 13)
#define LANDLOCK_TRUNCATE (1ULL << 14)
#define LANDLOCK_IOCTL (1ULL << 15)
#define LANDLOCK_NETWORK 3ULL /* bind and connect over TCP */
#define LANDLOCK_SCOPES 3ULL  /* abstract sockets and signals to others */

struct landlock_ruleset {
	uint64_t files;
	uint64_t network;
	uint64_t scopes;
};

static struct {
	struct cage_lock lock;
	struct sock_fprog program; /* for modules that read files */
	struct sock_fprog blind;   /* for those that read none */
	bool prepared;
} filters;

/* ---- System calls ---- */

static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(preadv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(close),
    SCMP_SYS(lseek),
    SCMP_SYS(_llseek),
    SCMP_SYS(fstat),
    SCMP_SYS(fstat64),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(getdents64),
    SCMP_SYS(fadvise64),
    SCMP_SYS(brk),
    SCMP_SYS(mmap),
    SCMP_SYS(mmap2),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(mprotect),
    SCMP_SYS(membarrier),
    SCMP_SYS(futex),
    SCMP_SYS(futex_time64),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getcpu),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_gettime64),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(clock_nanosleep_time64),
    SCMP_SYS(nanosleep),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(times),
    SCMP_SYS(getrusage),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(getppid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(select),
    SCMP_SYS(pselect6),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

/* Of files by their name: Landlock judges which. */
static const int reading[] = {
    SCMP_SYS(stat),      SCMP_SYS(lstat),    SCMP_SYS(access),
    SCMP_SYS(statfs),    SCMP_SYS(fstatfs),  SCMP_SYS(faccessat),
    SCMP_SYS(getcwd),    SCMP_SYS(readlink), SCMP_SYS(faccessat2),
    SCMP_SYS(stat64),    SCMP_SYS(lstat64),  SCMP_SYS(readlinkat),
    SCMP_SYS(fstatat64),
};

/* No library needs them to parse: whoever tries is an attacker's. */
static const int attacks[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(bpf),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(mount),
    SCMP_SYS(chroot),
    SCMP_SYS(keyctl),
    SCMP_SYS(perf_event_open),
};

static bool add_each(scmp_filter_ctx filter, uint32_t action, const int *calls,
		     size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int error = seccomp_rule_add(filter, action, calls[i], 0);

		/* -EDOM: this machine has no such call. */
		if (error != 0 && error != -EDOM && error != -EINVAL)
			return false;
	}
	return true;
}

/* Those of which some uses are harmless. */
static bool add_others(scmp_filter_ctx filter)
{
	/* A local socket is refused, no more: the C library looks there for a
	 * service that knows users' names. Others are an attack. */
	const struct scmp_arg_cmp remote = SCMP_A0(SCMP_CMP_NE, AF_UNIX);
	/* A library that wants a thread does without. */
	const struct scmp_arg_cmp process =
	    SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0);
	/* Limits can be read, and not set: new_limit is NULL. */
	const struct scmp_arg_cmp get = SCMP_A2(SCMP_CMP_EQ, 0);
	/* Beyond it lies what breaks memory, of whoever is root. */
	const struct scmp_arg_cmp advice = SCMP_A2(SCMP_CMP_LT, MADV_HWPOISON);
	const struct scmp_arg_cmp fcntls[] = {SCMP_A1(SCMP_CMP_EQ, F_GETFD),
					      SCMP_A1(SCMP_CMP_EQ, F_SETFD),
					      SCMP_A1(SCMP_CMP_EQ, F_GETFL)};
	bool added =
	    seccomp_rule_add_array(filter, SCMP_ACT_KILL_PROCESS,
				   SCMP_SYS(socket), 1, &remote) == 0 &&
	    seccomp_rule_add_array(filter, SCMP_ACT_KILL_PROCESS,
				   SCMP_SYS(clone), 1, &process) == 0 &&
	    /* Its flags are in memory, which no filter sees: with this answer
	     * the C library takes clone. */
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3),
			     0) == 0 &&
	    seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64),
				   1, &get) == 0 &&
	    seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(madvise), 1,
				   &advice) == 0 &&
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOTTY), SCMP_SYS(ioctl),
			     0) == 0;

	for (size_t i = 0; i < sizeof(fcntls) / sizeof(*fcntls); i++)
		added = added && seccomp_rule_add_array(filter, SCMP_ACT_ALLOW,
							SCMP_SYS(fcntl), 1,
							&fcntls[i]) == 0;
	return added;
}

/* Opening files, and only to read them: Landlock does not judge O_PATH. */
static bool add_reading(scmp_filter_ctx filter)
{
	const uint64_t writes =
	    O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | O_PATH;
	const struct scmp_arg_cmp open_read =
	    SCMP_A1(SCMP_CMP_MASKED_EQ, writes, O_RDONLY);
	const struct scmp_arg_cmp openat_read =
	    SCMP_A2(SCMP_CMP_MASKED_EQ, writes, O_RDONLY);
	int opened = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW,
					    SCMP_SYS(open), 1, &open_read);

	return (opened == 0 || opened == -EDOM || opened == -EINVAL) &&
	       seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat),
				      1, &openat_read) == 0 &&
	       add_each(filter, SCMP_ACT_ALLOW, reading,
			sizeof(reading) / sizeof(*reading));
}

/* The filter as the kernel takes it, read back from a file. */
static bool take_program(scmp_filter_ctx filter, struct sock_fprog *program)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);
	struct stat about;
	void *bytes = NULL;
	bool taken = false;

	if (fd < 0 || seccomp_export_bpf(filter, fd) != 0 ||
	    fstat(fd, &about) != 0 || about.st_size > MOST_FILTER)
		goto done;
	bytes = malloc((size_t)about.st_size);
	if (!bytes || pread(fd, bytes, (size_t)about.st_size, 0) !=
			  (ssize_t)about.st_size)
		goto done;
	program->len = (unsigned short)((size_t)about.st_size /
					sizeof(struct sock_filter));
	program->filter = bytes;
	bytes = NULL;
	taken = true;
done:
	free(bytes);
	if (fd >= 0)
		close(fd);
	return taken;
}

static bool make_program(struct sock_fprog *program, bool reads)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EACCES));
	bool made =
	    filter &&
	    add_each(filter, SCMP_ACT_ALLOW, allowed,
		     sizeof(allowed) / sizeof(*allowed)) &&
	    add_each(filter, SCMP_ACT_KILL_PROCESS, attacks,
		     sizeof(attacks) / sizeof(*attacks)) &&
	    add_others(filter) && (!reads || add_reading(filter)) &&
	    /* A tree of comparisons instead of a list. */
	    seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 &&
	    take_program(filter, program);

	if (filter)
		seccomp_release(filter);
	return made;
}

const struct cage_lock *cage_lock_prepare(void)
{
	struct cage_lock *lock = &filters.lock;
	long version;

	if (filters.prepared)
		return lock;
	filters.prepared = true;
	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0)
		lock->without_seccomp = "the kernel has none";
	else if (!make_program(&filters.program, true) ||
		 !make_program(&filters.blind, false))
		lock->without_seccomp = "its filter could not be made";
	version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
			  LANDLOCK_CREATE_RULESET_VERSION);
	lock->landlock = version > 0 ? (int)version : 0;
	return lock;
}

/* ---- Files ---- */

static struct landlock_ruleset landlock_of(int version)
{
	struct landlock_ruleset ruleset = {.files = LANDLOCK_FILES_1};

	if (version >= 2)
		ruleset.files |= LANDLOCK_REFER;
	if (version >= 3)
		ruleset.files |= LANDLOCK_TRUNCATE;
	if (version >= 4)
		ruleset.network = LANDLOCK_NETWORK;
	if (version >= 5)
		ruleset.files |= LANDLOCK_IOCTL;
	if (version >= 6)
		ruleset.scopes = LANDLOCK_SCOPES;
	return ruleset;
}

/* Lets path be read; one that is not there changes nothing. */
static bool landlock_allow(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr rule = {
	    .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE};
	struct stat about;
	bool added = true;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return true;
	if (fstat(rule.parent_fd, &about) == 0) {
		if (S_ISDIR(about.st_mode))
			rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
		added = syscall(SYS_landlock_add_rule, ruleset,
				LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	}
	close(rule.parent_fd);
	return added;
}

static bool landlock_close(const char *const *reads)
{
	struct landlock_ruleset attributes = landlock_of(filters.lock.landlock);
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes,
				   sizeof(attributes), 0);
	bool closed = ruleset >= 0;

	for (; closed && reads && *reads; reads++)
		closed = landlock_allow(ruleset, *reads);
	closed = closed && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	if (ruleset >= 0)
		close(ruleset);
	return closed;
}

/* ---- The whole ---- */

/* Sets a limit, unless there is a lower one. At `more` above it the kernel does
 * not warn any more. */
static bool limit(int resource, rlim_t most, rlim_t more)
{
	struct rlimit now;

	if (getrlimit((__rlimit_resource_t)resource, &now) != 0)
		return false;
	if (now.rlim_max < most + more)
		most = now.rlim_max - more;
	now = (struct rlimit){most, most + more};
	return setrlimit((__rlimit_resource_t)resource, &now) == 0;
}

/* All that is mapped now, in bytes; 0 when nobody says. */
static rlim_t mapped(void)
{
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	char text[128] = "";

	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	return strtoul(text, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* The kernel counts as data what is private and can be written now: code that
 * means harm maps its memory otherwise, or has it read-only once it is full. So
 * there is a limit to all that is mapped as well. */
static bool memory_limit_set(size_t memory)
{
	rlim_t before = mapped();

	return before > 0 && limit(RLIMIT_DATA, memory, 0) &&
	       limit(RLIMIT_AS, before + memory + MOST_MAPPED, 0);
}

static bool limits_set(size_t memory, long seconds)
{
#ifdef __SANITIZE_ADDRESS__
	/* It maps terabytes for itself, and may report to a file. */
	const rlim_t written = RLIM_INFINITY;

	memory = 0;
#else
	const rlim_t written = 0;
#endif
	return limit(RLIMIT_CPU, (rlim_t)seconds, 1) &&
	       limit(RLIMIT_FSIZE, written, 0) && limit(RLIMIT_CORE, 0, 0) &&
	       limit(RLIMIT_NOFILE, MOST_FILES, 0) &&
	       (memory == 0 || memory_limit_set(memory));
}

const char *cage_lock(const char *const *reads, size_t memory, long seconds)
{
	const struct cage_lock *lock = cage_lock_prepare();
	bool opens = lock->landlock > 0 && reads && *reads;

	if (lock->without_seccomp)
		return lock->without_seccomp;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return "its privileges could not be given up";
	if (!limits_set(memory, seconds))
		return "its limits could not be set";
	if (lock->landlock > 0 && !landlock_close(reads))
		return "Landlock could not be put in force";
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER,
		  opens ? &filters.program : &filters.blind) != 0)
		return "seccomp could not be put in force";
	return NULL;
}
