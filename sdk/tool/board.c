/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads board.xml.  Elements that are not the tool's (how to run the board)
 * are left to others. */
#include "sdk/tool/board.h"

#include <string.h>

#include "base/range.h"
#include "sdk/tool/number.h"
#include "sdk/tool/xml.h"

#define BOARD_DTB_MAX   (1u << 20)
#define BOARD_IRQ_LIMIT (1u << 16)

/* The debug UARTs that the kernel has drivers for, by abi/table.h. */
static const char *const console_kinds[] = {
    [ABI_CONSOLE_NONE] = "none",
    [ABI_CONSOLE_PL011] = "pl011",
};

static void board_root(struct board *board, const struct xml_node *node)
{
    static const char *const names[] = { "name", "arch", "exception_level",
        "cores", "pa_bits", NULL };
    const char *arch = xml_attr_required(node, "arch");
    uint32_t level = number_attr_id(node, "exception_level", 4);

    xml_attr_only(node, names);
    board->name = xml_attr_required(node, "name");
    board->arch = arch_find(arch);
    if (board->arch == NULL) {
        xml_error(node, "arch '%s' is not supported", arch);
    }
    board->model = arch_model(board->arch, level);
    if (board->model == NULL) {
        xml_error(node, "exception_level %u is not supported for arch '%s'",
            level, arch);
    }
    board->core_count = number_attr_id(node, "cores", 256);
    board->pa_bits = number_attr_id(node, "pa_bits", 49);
    if (board->core_count == 0 || board->pa_bits < 32) {
        xml_error(node, "cores must be at least 1, pa_bits at least 32");
    }
}

static struct board_range board_range(const struct xml_node *node)
{
    struct board_range range = {
        .base = number_attr_required(node, "base"),
        .size = number_attr_required(node, "size"),
        .use = xml_attr(node, "use") == NULL ? "" : xml_attr(node, "use"),
    };

    if (range.size == 0 || range.base > UINT64_MAX - range.size ||
        (range.base | range.size) % BOARD_PAGE != 0) {
        xml_error(node, "base and size must be whole pages");
    }
    return range;
}

static void board_add_range(struct arena *arena, struct board_range **array,
    uint32_t *count, const struct xml_node *node)
{
    static const char *const names[] = { "base", "size", "use", "spare", NULL };

    xml_attr_only(node, names);

    struct board_range range = board_range(node);

    range.spare = number_attr_bool(node, "spare", false);
    *array = arena_room(arena, *array, *count, sizeof **array);
    (*array)[(*count)++] = range;
}

static void board_irqchip(struct board *board, const struct xml_node *node)
{
    static const char *const names[] = { "kind", "lines", NULL };
    static const char *const range_names[] = { "base", "size", "use", NULL };
    const char *kind = xml_attr_required(node, "kind");

    xml_attr_only(node, names);
    board->irqchip = irqchip_find(kind);
    if (board->irqchip == NULL) {
        xml_error(node, "kind '%s' is not supported", kind);
    }
    board->irq_lines =
        number_attr_id(node, "lines", board->irqchip->lines_max + 1);
    board->irqchip_range_count = 0;
    for (const struct xml_node *child = node->child; child != NULL;
         child = child->next) {
        if (!xml_is(child, "registers")) {
            xml_unknown(child);
        }
        xml_attr_only(child, range_names);
        if (board->irqchip_range_count == board->irqchip->range_count) {
            xml_error(child, "a '%s' has %u ranges of registers", kind,
                board->irqchip->range_count);
        }
        board->irqchip_range[board->irqchip_range_count++] = board_range(child);
    }
    if (board->irqchip_range_count != board->irqchip->range_count) {
        xml_error(node, "a '%s' has %u ranges of registers", kind,
            board->irqchip->range_count);
    }
}

static void board_console(struct board *board, const struct xml_node *node)
{
    static const char *const names[] = { "kind", "base", "size", NULL };
    const char *kind = xml_attr_required(node, "kind");

    xml_attr_only(node, names);
    for (uint32_t i = 0; i < ARRAY_LEN(console_kinds); i++) {
        if (strcmp(kind, console_kinds[i]) == 0) {
            board->console = (enum abi_console)i;
            board->console_range = board_range(node);
            return;
        }
    }
    xml_error(node, "kind '%s' is not supported", kind);
}

static void board_small(
    struct arena *arena, struct board *board, const struct xml_node *node)
{
    if (xml_is(node, "image")) {
        static const char *const names[] = { "base", "limit", NULL };

        xml_attr_only(node, names);
        board->image_base = number_attr_required(node, "base");
        board->image_limit = number_attr_required(node, "limit");
    } else if (xml_is(node, "user_timer")) {
        board->user_timer_irq = arena_room(arena, board->user_timer_irq,
            board->user_timer_irq_count, sizeof *board->user_timer_irq);
        board->user_timer_irq[board->user_timer_irq_count++] =
            number_attr_id(node, "irq", BOARD_IRQ_LIMIT);
    } else if (xml_is(node, "alias")) {
        static const char *const names[] = { "name", "path", NULL };

        xml_attr_only(node, names);
        board->alias = arena_room(
            arena, board->alias, board->alias_count, sizeof *board->alias);
        board->alias[board->alias_count++] = (struct board_alias){
            .name = xml_attr_required(node, "name"),
            .path = xml_attr_required(node, "path"),
        };
    } else if (!xml_is(node, "run")) {
        xml_unknown(node);
    }
}

static void board_child(
    struct arena *arena, struct board *board, const struct xml_node *node)
{
    if (xml_is(node, "memory")) {
        board_add_range(arena, &board->memory, &board->memory_count, node);
    } else if (xml_is(node, "reserved")) {
        board_add_range(arena, &board->reserved, &board->reserved_count, node);
    } else if (xml_is(node, "irqchip")) {
        board_irqchip(board, node);
    } else if (xml_is(node, "console")) {
        board_console(board, node);
    } else {
        board_small(arena, board, node);
    }
}

static void board_device_tree(
    struct arena *arena, struct board *board, const char *directory)
{
    struct files_path path = { .directory = &directory, .count = 1 };
    const char *name = files_find(arena, &path, "board.dtb");

    if (name == NULL) {
        return;
    }

    const char *why =
        files_read(arena, name, BOARD_DTB_MAX, &board->device_tree);

    if (why != NULL) {
        diag_error(NULL, "cannot read '%s': %s", name, why);
    }
}

struct board *board_load(struct arena *arena, const char *directory)
{
    struct board *board = arena_alloc(arena, sizeof *board);
    const char *file = arena_printf(arena, "%s/board.xml", directory);
    const struct xml_node *root = xml_load(arena, file, "board");

    board_root(board, root);
    for (const struct xml_node *node = root->child; node != NULL;
         node = node->next) {
        board_child(arena, board, node);
    }
    if (board->irq_lines == 0) {
        xml_error(root, "element 'irqchip' is missing");
    }
    if (!board_is_memory(
            board, board->image_base, board->image_limit - board->image_base) ||
        board->image_limit <= board->image_base) {
        xml_error(root, "the image must be in memory");
    }
    board_device_tree(arena, board, directory);
    return board;
}

uint64_t board_buffer_vaddr(const struct board *board)
{
    return board->model->user_top & ~(uint64_t)(BOARD_PAGE - 1);
}

uint64_t board_stack_bottom(const struct board *board, uint64_t stack_size)
{
    return board_buffer_vaddr(board) - BOARD_PAGE - stack_size;
}

bool board_is_memory(const struct board *board, uint64_t base, uint64_t size)
{
    for (uint32_t i = 0; i < board->memory_count; i++) {
        const struct board_range *memory = &board->memory[i];

        if (range_holds(memory->base, memory->size, base, size)) {
            return true;
        }
    }
    return false;
}

const char *board_device_path(const struct board *board, const char *device)
{
    if (device[0] == '/') {
        return device;
    }
    for (uint32_t i = 0; i < board->alias_count; i++) {
        if (strcmp(board->alias[i].name, device) == 0) {
            return board->alias[i].path;
        }
    }
    return NULL;
}
