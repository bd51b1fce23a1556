/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * leak_check.c - what may be in a register when a PD leaves the kernel; see
 * leak.h.
 *
 * The first rounds are without interrupts (leak_page.quiet).  Then the kernel
 * saves registers only when leak_enter() enters it, so each saved register holds
 * a value that leak_prepare() made for it, or zero, and anything else found after
 * a call is an error.  With interrupts the kernel also saves whatever C code was
 * working with.  Then the checks can only look for values of other PDs and for
 * addresses of the kernel.
 */
#include "tests/kernel/leak.h"

#include <microkit.h>

#include "abi/syscall.h"

/* The image, and all memory of the kernel, is at 0x70000000, the image base of
 * the board, and far smaller than this. */
#define KERNEL_BASE  0x70000000u
#define KERNEL_SHIFT 24

#define STACK_BYTES 128 /* PDs have different stack pointers */
#define INFO        9
#define WORDS       10
#define SMALL_BITS  16

#define FLAGS_MASK    0xf0000000u
#define FAULT_LENGTH  5
#define SYNDROME_BRK1 0xf2000001 /* Arm ARM, ESR_ELx: class 0x3c, IL, 1 */

#define INFO_ABORTED ((uint64_t)ABI_LABEL_ABORTED << ABI_INFO_LABEL_SHIFT)

struct leak_page *leak_page;
struct leak_self leak_self;

static _Alignas(16) uint8_t stacks[STACK_BYTES * (LEAK_PDS + 1)];

/* --- reports ------------------------------------------------------------- */

void leak_complain(
    enum leak_wrong wrong, uint64_t number, uint64_t value, uint64_t wanted)
{
    if (atomic_fetch_add(&leak_page->errors, 1) == 0) {
        atomic_store(&leak_page->who, leak_self.me);
        atomic_store(&leak_page->entry, leak_self.entry);
        atomic_store(&leak_page->wrong, wrong);
        atomic_store(&leak_page->number, number);
        atomic_store(&leak_page->value, value);
        atomic_store(&leak_page->wanted, wanted);
    }
}

void leak_count(enum leak_kind kind)
{
    atomic_fetch_add(&leak_page->count[kind], 1);
}

/* --- before -------------------------------------------------------------- */

static uint64_t *message_words(void)
{
    return (uint64_t *)(PRIDE_MESSAGE_PAGE + ABI_BUFFER_MSG_OFFSET);
}

static uint64_t own_value(uint64_t to, uint64_t number, uint64_t low)
{
    return leak_value(leak_self.me, to, number, leak_self.turn, low);
}

static uint64_t stack_of(uint64_t pd)
{
    return (uint64_t)(uintptr_t)&stacks[STACK_BYTES * (pd + 1)];
}

/* Each PD has flags of its own.  7 << 28 is left out: it would look like an
 * address of the kernel. */
static uint64_t flags_of(uint64_t pd)
{
    return (pd < 7 ? pd : pd + 1) << 28;
}

void leak_prepare(uint64_t to)
{
    struct leak_registers *in = &leak_self.in;
    uint64_t *words = message_words();

    leak_self.turn++;
    for (uint32_t n = 0; n <= 30; n++) {
        bool message = n >= INFO && n < WORDS + ABI_MSG_REGS;
        in->x[n] = own_value(message ? to : LEAK_NOBODY, n, 0);
    }
    for (uint32_t i = ABI_MSG_REGS; i < LEAK_WORDS; i++) {
        words[i] = own_value(to, LEAK_NUMBER_WORD + i, 0);
    }
    in->sp = stack_of(leak_self.me);
    in->tpidr = own_value(LEAK_NOBODY, LEAK_NUMBER_TPIDR, 0);
    in->flags = flags_of(leak_self.me);
}

void leak_prepare_message(
    uint64_t to, uint64_t length, uint64_t order, uint64_t reply)
{
    struct leak_message *sent = &leak_page->sent[leak_self.me][to];

    leak_prepare(to);
    leak_self.in.x[INFO] = own_value(to, INFO, length);
    atomic_store(&sent->turn, leak_self.turn);
    atomic_store(&sent->length, length);
    atomic_store(&sent->order, order);
    atomic_store(&sent->reply, reply);
}

void leak_enter(uint64_t entry)
{
    leak_self.entry = entry;
    leak_call(entry, &leak_self.in, &leak_self.out);
}

/* --- after --------------------------------------------------------------- */

/* Hides from the compiler where `value` comes from.  Otherwise it may turn the
 * comparison with leak_plain(x) into a subtraction of the key, and then a register
 * of C code holds a value in the form that the kernel sees, which leak_call.h
 * forbids. */
static inline uint64_t opaque(uint64_t value)
{
    __asm__("" : "+r"(value));
    return value;
}

static bool is_kernel_address(uint64_t value)
{
    return opaque(value >> KERNEL_SHIFT) ==
           leak_plain(KERNEL_BASE) >> KERNEL_SHIFT;
}

static bool is_below_bit(uint64_t value, uint32_t bit)
{
    return opaque(value >> bit) == LEAK_KEY >> bit;
}

static bool is_plain(uint64_t value, uint64_t plain)
{
    return opaque(value) == leak_plain(plain);
}

static uint64_t owner_of(uint64_t value)
{
    return value >> 48;
}

static bool is_foreign(uint64_t value)
{
    uint64_t owner = owner_of(value);

    return owner != LEAK_NOBODY && owner < LEAK_PDS && owner != leak_self.me;
}

static bool is_noisy(void)
{
    return atomic_load(&leak_page->quiet) == 0;
}

static bool is_old(uint64_t number, uint64_t value)
{
    if (is_noisy()) {
        return !is_foreign(value) && !is_kernel_address(value);
    }
    return is_plain(value, 0) || (owner_of(value) == leak_self.me &&
                                     ((value >> 32) & 0xff) == number);
}

static void check_old(uint64_t number, uint64_t value)
{
    if (!is_old(number, value)) {
        leak_complain(LEAK_WRONG_OLD, number, value, 0);
    }
}

static void check_flags(bool exact)
{
    uint64_t flags = leak_self.out.flags;
    uint64_t own = leak_self.in.flags;

    if (flags != own && (exact || (flags != 0 && !is_noisy()))) {
        leak_complain(LEAK_WRONG_FLAGS, LEAK_NUMBER_FLAGS, flags, own);
    }
}

static void check_equal(
    enum leak_wrong wrong, uint64_t number, uint64_t value, uint64_t wanted)
{
    if (value != wanted) {
        leak_complain(wrong, number, value, wanted);
    }
}

static void check_kept(uint32_t first)
{
    const struct leak_registers *in = &leak_self.in;
    const struct leak_registers *out = &leak_self.out;

    for (uint32_t n = first; n <= 30; n++) {
        check_equal(LEAK_WRONG_KEPT, n, out->x[n], in->x[n]);
    }
    check_equal(LEAK_WRONG_KEPT, LEAK_NUMBER_SP, out->sp, in->sp);
    check_equal(LEAK_WRONG_KEPT, LEAK_NUMBER_TPIDR, out->tpidr, in->tpidr);
}

void leak_check_all(void)
{
    check_kept(0);
    check_flags(true);
}

void leak_check_kept(uint32_t first)
{
    check_kept(first);
    check_flags(false);
    for (uint32_t n = 2; n < first; n++) {
        if (n < INFO || n >= WORDS + ABI_MSG_REGS) {
            check_old(n, leak_self.out.x[n]);
        }
    }
}

void leak_check_small(void)
{
    uint64_t value = leak_self.out.x[1];

    if (!is_below_bit(value, SMALL_BITS)) {
        check_old(1, value);
    }
}

void leak_check_result(uint64_t wanted)
{
    check_equal(LEAK_WRONG_RESULT, 0, leak_self.out.x[0], leak_plain(wanted));
}

/* A word of a message that was sent to `to`, in its register, or what a call
 * that was broken off left there. */
static bool was_message(uint64_t number, uint64_t value, uint64_t to)
{
    uint64_t from = owner_of(value);

    if (number == INFO && is_plain(value, INFO_ABORTED)) {
        return true;
    }
    return number >= INFO && number < WORDS + ABI_MSG_REGS &&
           from != LEAK_NOBODY && from < LEAK_PDS &&
           ((value >> 40) & 0xff) == to && ((value >> 32) & 0xff) == number;
}

void leak_check_no_message(void)
{
    for (uint32_t n = INFO; n < WORDS + ABI_MSG_REGS; n++) {
        uint64_t value = leak_self.out.x[n];
        /* a parent was told about faults, and asked about children */
        bool small = leak_self.me == LEAK_JUDGE && is_below_bit(value, 32) &&
                     !is_kernel_address(value);
        if (!small && !was_message(n, value, leak_self.me)) {
            check_old(n, value);
        }
    }
}

void leak_check_message(uint64_t from)
{
    const struct leak_message *sent = &leak_page->sent[from][leak_self.me];
    const uint64_t *words = message_words();
    uint64_t turn = atomic_load(&sent->turn);
    uint64_t length = atomic_load(&sent->length);

    for (uint32_t n = INFO; n < WORDS + ABI_MSG_REGS; n++) {
        uint64_t low = n == INFO ? length : 0;
        check_equal(LEAK_WRONG_MESSAGE, n, leak_self.out.x[n],
            leak_value(from, leak_self.me, n, turn, low));
    }
    for (uint32_t i = ABI_MSG_REGS; i < LEAK_WORDS; i++) {
        uint64_t number = LEAK_NUMBER_WORD + i;
        /* beyond the message lies what leak_prepare() wrote, to whomever */
        uint64_t to = (words[i] >> 40) & 0xff;
        check_equal(LEAK_WRONG_WORD, number, words[i],
            i < length ? leak_value(from, leak_self.me, number, turn, 0)
                       : own_value(to, number, 0));
    }
}

void leak_check_fault(uint64_t child)
{
    const uint64_t wanted[] = { (uint64_t)ABI_FAULT_USER_EXCEPTION
                                        << ABI_INFO_LABEL_SHIFT |
                                    FAULT_LENGTH,
        (uint64_t)(uintptr_t)leak_fault_at, stack_of(child), flags_of(child),
        SYNDROME_BRK1 };

    for (uint32_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        check_equal(LEAK_WRONG_MESSAGE, INFO + i, leak_self.out.x[INFO + i],
            leak_plain(wanted[i]));
    }
    check_equal(LEAK_WRONG_WORD, LEAK_NUMBER_WORD + 4, message_words()[4], 0);
}

/* --- a child's registers ------------------------------------------------- */

/* Word n of seL4_UserContext is register order[n]; 31 and up: see leak.h. */
static const uint8_t order[] = { 34, LEAK_NUMBER_SP, LEAK_NUMBER_FLAGS, 0, 1, 2,
    3, 4, 5, 6, 7, 8, 16, 17, 18, 29, 30, 9, 10, 11, 12, 13, 14, 15, 19, 20, 21,
    22, 23, 24, 25, 26, 27, 28, LEAK_NUMBER_TPIDR };

/* `value` was read for register or other `number`. */
static void check_child(uint64_t child, uint64_t number, uint64_t value)
{
    uint64_t owner = owner_of(value);
    bool wrong;

    if (number == LEAK_NUMBER_FLAGS) {
        uint64_t flags = leak_result(value);
        wrong = is_noisy() ? (flags & ~(uint64_t)FLAGS_MASK) != 0
                           : flags != 0 && flags != flags_of(child);
    } else if (number == LEAK_NUMBER_TPIDR) {
        wrong = owner != child;
    } else {
        wrong = (owner != LEAK_NOBODY && owner < LEAK_PDS && owner != child &&
                    !was_message(number, value, child)) ||
                is_kernel_address(value);
    }
    if (wrong) {
        leak_complain(LEAK_WRONG_READ, number, value, child);
    }
}

void leak_check_read(uint64_t child)
{
    /* by halves, so that a child's value is in no register of ours */
    const uint32_t *half =
        (const uint32_t *)(PRIDE_MESSAGE_PAGE + ABI_BUFFER_MSG_OFFSET);

    for (uint32_t i = 0; i < sizeof(order); i++) {
        uint32_t high = half[2 * i + 1] + ((uint32_t)LEAK_KEY_TOP << 16);
        check_child(child, order[i], opaque(high) << 32 | half[2 * i]);
    }
    leak_count(LEAK_READ);
}
