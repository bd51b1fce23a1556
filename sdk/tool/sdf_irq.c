/* SPDX-License-Identifier: BSD-2-Clause */
/* The <irq> element. */
#include <inttypes.h>
#include <string.h>

#include "sdk/tool/number.h"
#include "sdk/tool/sdf_build.h"

static bool sdf_irq_edge(const struct xml_node *node)
{
    const char *text = xml_attr(node, "trigger");

    if (text == NULL || strcmp(text, "level") == 0) {
        return false;
    }
    if (strcmp(text, "edge") != 0) {
        xml_error(node, "trigger must be either 'level' or 'edge'");
    }
    return true;
}

/* x86 forms are recognised by their attribute, as upstream does. */
static void sdf_irq_form(const struct xml_node *node)
{
    static const char *const names[] = { "irq", "id", "setvar_id", "trigger",
        NULL };

    if (xml_attr(node, "irq") == NULL) {
        if (xml_attr(node, "pin") != NULL) {
            xml_error(
                node, "x86 I/O APIC IRQ isn't supported on ARM and RISC-V");
        }
        if (xml_attr(node, "pcidev") != NULL) {
            xml_error(node, "x86 MSI IRQ isn't supported on ARM and RISC-V");
        }
    }
    xml_attr_only(node, names);
    xml_no_children(node);
}

void sdf_parse_irq(
    struct sdf_build *build, const struct xml_node *node, uint32_t pd)
{
    uint32_t id = number_attr_id(node, "id", build->id_limit);
    const char *symbol = xml_attr(node, "setvar_id");

    sdf_irq_form(node);

    struct sdf_irq irq = {
        .number = number_attr_id(node, "irq", build->options->board->irq_lines),
        .id = id,
        .edge = sdf_irq_edge(node),
        .pos = node->pos,
    };

    if (irq.number < build->options->board->irqchip->first_device) {
        xml_error(node, "irq %" PRIu32 " is not a device's", irq.number);
    }
    if (symbol != NULL) {
        struct sdf_setvar setvar = {
            .symbol = symbol,
            .kind = SDF_SETVAR_ID,
            .value = id,
        };

        sdf_add_setvar(build, pd, node, &setvar);
    }
    sdf_add_irq(build, pd, &irq);
}
