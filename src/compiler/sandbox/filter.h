/*
 * System calls that no compiler makes and that past holes of kernels were reached through. Filtered on top of the
 * namespaces, which hold without it; installed once by the warden and inherited, so it costs a run nothing.
 */
#ifndef HYBRIDGRID_FILTER_H
#define HYBRIDGRID_FILTER_H

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define FILTER_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define FILTER_ARCH AUDIT_ARCH_AARCH64
#elif defined(__arm__)
#define FILTER_ARCH AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
#define FILTER_ARCH AUDIT_ARCH_RISCV64
#endif

#ifdef FILTER_ARCH
/* clang-format off */
static const int REFUSED_CALLS[] = {
#ifdef SYS_socket
  SYS_socket, SYS_socketpair, SYS_connect, SYS_bind, SYS_listen,
#endif
#ifdef SYS_shmget /* Segments would outlive the run. */
  SYS_shmget, SYS_semget, SYS_msgget, SYS_mq_open,
#endif
  SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp,
  SYS_add_key, SYS_request_key, SYS_keyctl,
  SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_fanotify_init,
  SYS_io_setup, SYS_name_to_handle_at, SYS_open_by_handle_at,
  SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot, SYS_swapon, SYS_swapoff, SYS_acct,
  SYS_quotactl, SYS_setns, SYS_personality,
#ifdef SYS_io_uring_setup
  SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
#endif
};
/* clang-format on */

#define REFUSED_COUNT (sizeof REFUSED_CALLS / sizeof REFUSED_CALLS[0])
#endif

/* Also sets no_new_privs: no setuid program gives a run more than it has. */
static int filter_system_calls(void)
{
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
#ifdef FILTER_ARCH
  struct sock_filter code[REFUSED_COUNT + 7], *next = code;
  *next++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
  *next++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FILTER_ARCH, 0, REFUSED_COUNT + 3); /* A foreign ABI. */
  *next++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  *next++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, REFUSED_COUNT + 1, 0); /* x32. */
  for (size_t index = 0; index < REFUSED_COUNT; index += 1)
    *next++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)REFUSED_CALLS[index],
                                           (uint8_t)(REFUSED_COUNT - index), 0);
  *next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  *next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
  struct sock_fprog program = {.len = (unsigned short)(next - code), .filter = code};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0 && errno != EINVAL) return -1; /* A kernel without. */
#endif
  return 0;
}

#endif
