/* SPDX-License-Identifier: BSD-2-Clause */
/* expat calls back per element; a cursor into the tree is all the state. */
#include "sdk/tool/xml.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sdk/tool/files.h"

#define XML_TEXT_MAX 0x10000u

struct xml_loader {
    struct arena *arena;
    const char *file;
    XML_Parser parser;
    struct xml_node *root;
    struct xml_node *current;
    uint32_t depth;
    const char *stopped; /* why we stopped, or NULL */
    struct sdf_pos stop_pos;
};

/*
 * expat 2.9 deprecates these two names for ones with 64-bit results, which
 * earlier versions lack.  A file of at most XML_SIZE_MAX bytes needs no more
 * than the old ones give.
 */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static struct sdf_pos xml_here(const struct xml_loader *loader)
{
    struct sdf_pos pos = {
        .file = loader->file,
        .line = (uint32_t)XML_GetCurrentLineNumber(loader->parser),
        .column = (uint32_t)XML_GetCurrentColumnNumber(loader->parser) + 1,
    };

    return pos;
}

#pragma GCC diagnostic pop

/* Ends the parsing here, for a reason of our own. */
static void xml_stop(struct xml_loader *loader, const char *why)
{
    if (loader->stopped == NULL) {
        loader->stopped = why;
        loader->stop_pos = xml_here(loader);
        (void)XML_StopParser(loader->parser, XML_FALSE);
    }
}

static void xml_add_attributes(
    struct xml_loader *loader, struct xml_node *node, const char **names)
{
    uint32_t count = 0;

    while (names[(size_t)count * 2] != NULL) {
        count++;
    }
    node->attribute =
        arena_array(loader->arena, count, sizeof *node->attribute);
    node->attribute_count = count;
    for (uint32_t i = 0; i < count; i++) {
        const char *name = names[(size_t)i * 2];
        const char *value = names[(size_t)i * 2 + 1];

        node->attribute[i].name = arena_copy(loader->arena, name, strlen(name));
        node->attribute[i].value =
            arena_copy(loader->arena, value, strlen(value));
    }
}

static void XMLCALL xml_start(
    void *user, const char *name, const char **attributes)
{
    struct xml_loader *loader = user;

    if (++loader->depth > XML_DEPTH_MAX) {
        xml_stop(loader, "elements are nested too deeply");
        return;
    }

    struct xml_node *node = arena_alloc(loader->arena, sizeof *node);
    struct xml_node *parent = loader->current;

    node->name = arena_copy(loader->arena, name, strlen(name));
    node->text = "";
    node->parent = parent;
    node->pos = xml_here(loader);
    xml_add_attributes(loader, node, attributes);
    if (parent == NULL) {
        loader->root = node;
    } else if (parent->last == NULL) {
        parent->child = node;
        parent->last = node;
    } else {
        parent->last->next = node;
        parent->last = node;
    }
    loader->current = node;
}

static void XMLCALL xml_end(void *user, const char *name)
{
    struct xml_loader *loader = user;

    (void)name;
    loader->depth--;
    loader->current = loader->current->parent;
}

static bool xml_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void XMLCALL xml_text(void *user, const char *text, int len)
{
    struct xml_loader *loader = user;
    struct xml_node *node = loader->current;
    int start = 0;

    while (start < len && xml_is_space(text[start])) {
        start++;
    }
    while (len > start && xml_is_space(text[len - 1])) {
        len--;
    }
    if (node == NULL || start == len) {
        return;
    }
    if (strlen(node->text) + (size_t)(len - start) > XML_TEXT_MAX) {
        xml_stop(loader, "an element has too much text");
        return;
    }
    node->text = arena_printf(
        loader->arena, "%s%.*s", node->text, len - start, text + start);
}

static void XMLCALL xml_doctype(void *user, const char *name,
    const char *system_id, const char *public_id, int has_internal_subset)
{
    struct xml_loader *loader = user;

    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal_subset;
    xml_stop(loader, "document type declarations are not allowed");
}

NORETURN static void xml_failed(const struct xml_loader *loader)
{
    struct sdf_pos pos = xml_here(loader);
    const char *why = XML_ErrorString(XML_GetErrorCode(loader->parser));

    if (loader->stopped != NULL) {
        pos = loader->stop_pos;
        why = loader->stopped;
    }
    diag_error(&pos, "Could not parse '%s': %s", loader->file, why);
}

struct xml_node *xml_load(
    struct arena *arena, const char *file, const char *root)
{
    struct xml_loader loader = { .arena = arena, .file = file };
    struct files_content content;
    const char *why = files_read(arena, file, XML_SIZE_MAX, &content);

    if (why != NULL) {
        diag_error(NULL, "cannot read '%s': %s", file, why);
    }
    loader.parser = XML_ParserCreate(NULL);
    if (loader.parser == NULL) {
        diag_error(NULL, "out of memory");
    }
    XML_SetUserData(loader.parser, &loader);
    XML_SetElementHandler(loader.parser, xml_start, xml_end);
    XML_SetCharacterDataHandler(loader.parser, xml_text);
    XML_SetStartDoctypeDeclHandler(loader.parser, xml_doctype);
    if (XML_Parse(loader.parser, (const char *)content.data, (int)content.size,
            XML_TRUE) != XML_STATUS_OK) {
        xml_failed(&loader);
    }
    XML_ParserFree(loader.parser);
    if (!xml_is(loader.root, root)) {
        diag_error(&loader.root->pos,
            "the root element must be '%s', it is '%s'", root,
            loader.root->name);
    }
    return loader.root;
}

void xml_no_text(const struct xml_node *node)
{
    if (node->text[0] != '\0') {
        diag_error_at(
            &node->pos, "unexpected text found in element '%s'", node->name);
    }
    for (node = node->child; node != NULL; node = node->next) {
        xml_no_text(node);
    }
}

void xml_no_children(const struct xml_node *node)
{
    if (node->child != NULL) {
        xml_unknown(node->child);
    }
}

bool xml_is(const struct xml_node *node, const char *name)
{
    return strcmp(node->name, name) == 0;
}

const char *xml_attr(const struct xml_node *node, const char *name)
{
    for (uint32_t i = 0; i < node->attribute_count; i++) {
        if (strcmp(node->attribute[i].name, name) == 0) {
            return node->attribute[i].value;
        }
    }
    return NULL;
}

const char *xml_attr_required(const struct xml_node *node, const char *name)
{
    const char *value = xml_attr(node, name);

    if (value == NULL) {
        xml_error(node, "Missing required attribute '%s'", name);
    }
    return value;
}

static bool xml_is_listed(const char *name, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (strcmp(name, *names) == 0) {
            return true;
        }
    }
    return false;
}

void xml_attr_only(const struct xml_node *node, const char *const *names)
{
    for (uint32_t i = 0; i < node->attribute_count; i++) {
        if (!xml_is_listed(node->attribute[i].name, names)) {
            xml_error(node, "invalid attribute '%s'", node->attribute[i].name);
        }
    }
}

void xml_error(const struct xml_node *node, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    diag_error_element(&node->pos, node->name, "%s", text);
}

void xml_unknown(const struct xml_node *node)
{
    diag_error(&node->pos, "invalid XML element '%s'", node->name);
}
