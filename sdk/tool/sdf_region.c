/* SPDX-License-Identifier: BSD-2-Clause */
/* The <memory_region> element. */
#include <inttypes.h>

#include "sdk/tool/number.h"
#include "sdk/tool/sdf_build.h"

#define SDF_REGIONS_MAX 8192u
#define SDF_PREFILL_MAX (1u << 30)

/* Reads the file of `prefill_path` into the region. */
static void sdf_prefill(struct sdf_build *build, const struct xml_node *node,
    struct sdf_region *region)
{
    const char *name = xml_attr(node, "prefill_path");

    if (xml_attr(node, "prefill_bootinfo") != NULL) {
        if (name != NULL) {
            xml_error(node, "prefill_path and prefill_bootinfo cannot be "
                            "both specified");
        }
        xml_error(node, "prefill_bootinfo is not supported yet");
    }
    if (name == NULL) {
        return;
    }

    struct files_content content;
    const char *file = files_find(build->arena, &build->options->search, name);

    if (file == NULL) {
        xml_error(node, "unable to find prefill file: '%s'", name);
    }

    const char *why = files_read(build->arena, file, SDF_PREFILL_MAX, &content);

    if (why != NULL) {
        xml_error(
            node, "failed to read file '%s' at prefill_path: %s", name, why);
    }
    if (content.size == 0) {
        xml_error(node, "prefill file '%s' is empty", name);
    }
    region->prefill_path = name;
    region->prefill = content.data;
    region->prefill_size = content.size;
}

/* The size: as given, or that of the prefill file in whole pages. */
static uint64_t sdf_region_size(
    const struct xml_node *node, const struct sdf_region *region, uint64_t page)
{
    if (xml_attr(node, "size") == NULL) {
        if (region->prefill == NULL) {
            xml_error(node, "size must be specified if memory region is not "
                            "prefilled");
        }
        return (region->prefill_size + page - 1) & ~(page - 1);
    }

    uint64_t size = number_attr_required(node, "size");

    if (size % page != 0) {
        xml_error(node, "size is not a multiple of the page size");
    }
    if (size == 0) {
        xml_error(node, "size must be greater than 0");
    }
    if (region->prefill_size > size) {
        xml_error(node,
            "size of prefill file exceeds memory region size: %" PRIx64
            " > %" PRIx64,
            region->prefill_size, size);
    }
    return size;
}

void sdf_parse_region(struct sdf_build *build, const struct xml_node *node)
{
    static const char *const names[] = { "name", "size", "page_size",
        "phys_addr", "prefill_path", "prefill_bootinfo", NULL };

    xml_attr_only(node, names);
    xml_no_children(node);

    const char *name = xml_attr_required(node, "name");
    uint64_t page = number_attr(node, "page_size", BOARD_PAGE);

    if (page != BOARD_PAGE && page != BOARD_LARGE_PAGE) {
        xml_error(node, "page size 0x%" PRIx64 " not supported", page);
    }
    if (build->system->region_count == SDF_REGIONS_MAX) {
        xml_error(
            node, "more than %u memory regions", (unsigned)SDF_REGIONS_MAX);
    }

    uint32_t index = sdf_add_region(build, name, 0, &node->pos);
    struct sdf_region *region = &build->system->region[index];

    sdf_prefill(build, node, region);
    region->size = sdf_region_size(node, region, page);
    region->page_size_given = xml_attr(node, "page_size") != NULL;
    region->page_size = region->page_size_given ? page : 0;
    region->has_phys = xml_attr(node, "phys_addr") != NULL;
    region->phys = number_attr(node, "phys_addr", 0);
    if (region->phys % page != 0) {
        xml_error(node, "phys_addr is not aligned to the page size");
    }
}
