/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * options.c - the command line of the tool.
 *
 * First the arguments are sorted into a flat struct, then names are checked
 * against what the SDK has: boards and configurations are directories.
 */
#include "sdk/tool/options.h"

#include <dirent.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/attr.h"

static const char usage[] =
    "usage: microkit [-h] [OPTIONS] --board BOARD --config CONFIG "
    "[--search-path DIRECTORY ...] system\n";

static const char help[] =
    "\npositional arguments:\n"
    "  system                    the system description\n"
    "\noptions:\n"
    "  -h, --help                show this text and exit\n"
    "  -o, --output FILE         the image (loader.img)\n"
    "  -r, --report FILE         what is in it (report.txt; the same as JSON\n"
    "                            beside it, report.json)\n"
    "  --image-type TYPE         binary or elf (binary)\n"
    "  --override-kernel ELF     another kernel, for debugging\n"
    "  --capdl-json FILE         not supported\n"
    "  --viper-output DIRECTORY  accepted, nothing is written\n"
    "  --search-path DIRECTORY ...\n"
    "                            where programs and prefill files are\n"
    "  --drivers DIRECTORY       where CLASS/NAME/driver.xml are\n"
    "  --check                   stop after the rules\n"
    "  --expand DIRECTORY        write the description without subsystems\n"
    "                            there, and its data files\n";

/* What was given, before anything is looked up. */
struct arguments {
    const char *value[16]; /* by enum option */
    bool check;
    const char *system;
    const char **search;
    uint32_t search_count;
};

enum option {
    OPTION_OUTPUT,
    OPTION_REPORT,
    OPTION_BOARD,
    OPTION_CONFIG,
    OPTION_CAPDL,
    OPTION_VIPER,
    OPTION_IMAGE,
    OPTION_KERNEL,
    OPTION_DRIVERS,
    OPTION_EXPAND,
};

static const struct {
    const char *name;
    const char *full; /* as messages call it */
    enum option option;
} option_names[] = {
    { "-o", "--output", OPTION_OUTPUT },
    { "--output", "--output", OPTION_OUTPUT },
    { "-r", "--report", OPTION_REPORT },
    { "--report", "--report", OPTION_REPORT },
    { "--board", "--board", OPTION_BOARD },
    { "--config", "--config", OPTION_CONFIG },
    { "--capdl-json", "--capdl-json", OPTION_CAPDL },
    { "--viper-output", "--viper-output", OPTION_VIPER },
    { "--image-type", "--image-type", OPTION_IMAGE },
    { "--override-kernel", "--override-kernel", OPTION_KERNEL },
    { "--drivers", "--drivers", OPTION_DRIVERS },
    { "--expand", "--expand", OPTION_EXPAND },
};

PRINTF_LIKE(2, 3)
NORETURN static void fail(bool show_usage, const char *format, ...)
{
    va_list args;

    if (show_usage) {
        (void)fputs(usage, stderr);
    }
    (void)fputs("microkit: error: ", stderr);
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
    exit(1);
}

static bool is_directory(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Takes one option and its value; returns how many arguments that were. */
static int take_option(struct arguments *arguments, int left, char *const *argv)
{
    for (size_t i = 0; i < ARRAY_LEN(option_names); i++) {
        if (strcmp(argv[0], option_names[i].name) != 0) {
            continue;
        }
        if (left < 2) {
            fail(false, "argument %s: expected one parameter",
                option_names[i].full);
        }
        arguments->value[option_names[i].option] = argv[1];
        return 2;
    }
    if (argv[0][0] == '-' || arguments->system != NULL) {
        fail(true, "unrecognized argument '%s'", argv[0]);
    }
    arguments->system = argv[0];
    return 1;
}

static int take_search(
    struct arena *arena, struct arguments *arguments, int left, char **argv)
{
    int used = 1;

    while (used < left && argv[used][0] != '-') {
        arguments->search = arena_room(arena, arguments->search,
            arguments->search_count, sizeof(*arguments->search));
        arguments->search[arguments->search_count++] = argv[used++];
    }
    return used;
}

static void take_arguments(
    struct arena *arena, struct arguments *arguments, int argc, char **argv)
{
    int at = 1;

    while (at < argc) {
        if (strcmp(argv[at], "-h") == 0 || strcmp(argv[at], "--help") == 0) {
            (void)printf("%s%s", usage, help);
            exit(0);
        }
        if (strcmp(argv[at], "--check") == 0) {
            arguments->check = true;
            at++;
        } else if (strcmp(argv[at], "--search-path") == 0) {
            at += take_search(arena, arguments, argc - at, argv + at);
        } else {
            at += take_option(arguments, argc - at, argv + at);
        }
    }
}

static void check_required(
    struct arena *arena, const struct arguments *arguments)
{
    const char *missing = "";

    if (arguments->value[OPTION_BOARD] == NULL) {
        missing = ", --board";
    }
    if (arguments->value[OPTION_CONFIG] == NULL) {
        missing = arena_printf(arena, "%s, --config", missing);
    }
    if (arguments->system == NULL) {
        missing = arena_printf(arena, "%s, system", missing);
    }
    if (missing[0] != '\0') {
        fail(true, "the following arguments are required: %s", missing + 2);
    }
}

/* MICROKIT_SDK, or the directory above the one this program is in. */
static const char *find_sdk(struct arena *arena)
{
    const char *given = getenv("MICROKIT_SDK");
    char self[PATH_MAX];

    if (given != NULL) {
        if (!is_directory(given)) {
            fail(false, "MICROKIT_SDK: '%s' is not a directory", given);
        }
        return given;
    }

    ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
    if (length < 0) {
        fail(false, "cannot find the SDK; set MICROKIT_SDK");
    }
    self[length] = '\0';
    for (uint32_t up = 0; up < 2; up++) {
        char *slash = strrchr(self, '/');

        if (slash != NULL) {
            *slash = '\0';
        }
    }
    return arena_copy(arena, self, strlen(self));
}

static int is_name(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* The names of the directories in `path`, with commas. */
static const char *list_directories(struct arena *arena, const char *path)
{
    struct dirent **entry;
    const char *text = "";
    int count = scandir(path, &entry, is_name, alphasort);

    for (int i = 0; i < count; i++) {
        const char *name = entry[i]->d_name;

        if (is_directory(arena_printf(arena, "%s/%s", path, name))) {
            text = arena_printf(
                arena, "%s%s%s", text, text[0] == '\0' ? "" : ", ", name);
        }
        free(entry[i]);
    }
    if (count >= 0) {
        free(entry);
    }
    return text;
}

/* A board or configuration is one directory name, not a path. */
static bool is_listed(struct arena *arena, const char *base, const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL &&
           is_directory(arena_printf(arena, "%s/%s", base, name));
}

static void find_board(
    struct arena *arena, struct options *options, const char *sdk)
{
    const char *boards = arena_printf(arena, "%s/board", sdk);

    if (!is_listed(arena, boards, options->board)) {
        fail(false,
            "argument --board: unknown parameter '%s' (choose from: %s)",
            options->board, list_directories(arena, boards));
    }
    options->board_dir = arena_printf(arena, "%s/%s", boards, options->board);
    if (!is_listed(arena, options->board_dir, options->config)) {
        fail(false, "argument --config: invalid choice '%s' (choose from: %s)",
            options->config, list_directories(arena, options->board_dir));
    }
    options->config_dir =
        arena_printf(arena, "%s/%s", options->board_dir, options->config);
}

static enum options_image image_type(const char *name)
{
    if (name == NULL || strcmp(name, "binary") == 0) {
        return OPTIONS_IMAGE_BINARY;
    }
    if (strcmp(name, "elf") == 0) {
        return OPTIONS_IMAGE_ELF;
    }
    if (strcmp(name, "uimage") == 0) {
        return OPTIONS_IMAGE_UIMAGE;
    }
    fail(false, "argument --image-type: unknown parameter '%s'", name);
}

void options_check_image(const struct options *options, const char *arch)
{
    if (options->image == OPTIONS_IMAGE_UIMAGE) {
        fail(false,
            "building the output image as 'uimage' is unsupported for target "
            "architecture '%s'",
            arch);
    }
}

static const char *json_beside(struct arena *arena, const char *report)
{
    size_t length = strlen(report);

    if (length > 4 && strcmp(report + length - 4, ".txt") == 0) {
        length -= 4;
    }
    return arena_printf(arena, "%.*s.json", (int)length, report);
}

static const char *or_else(const char *value, const char *otherwise)
{
    return value == NULL ? otherwise : value;
}

void options_parse(
    struct arena *arena, struct options *options, int argc, char **argv)
{
    struct arguments given = { .search = NULL };
    const char *sdk = find_sdk(arena);

    take_arguments(arena, &given, argc, argv);
    check_required(arena, &given);
    if (given.value[OPTION_CAPDL] != NULL) {
        fail(false, "argument --capdl-json: not supported, there are no "
                    "capabilities to describe; see the report");
    }

    memset(options, 0, sizeof(*options));
    options->system_file = given.system;
    options->board = given.value[OPTION_BOARD];
    options->config = given.value[OPTION_CONFIG];
    options->output = or_else(given.value[OPTION_OUTPUT], "loader.img");
    options->report = or_else(given.value[OPTION_REPORT], "report.txt");
    options->report_json = json_beside(arena, options->report);
    options->image = image_type(given.value[OPTION_IMAGE]);
    options->override_kernel = given.value[OPTION_KERNEL];
    options->viper_output = given.value[OPTION_VIPER];
    options->expand = given.value[OPTION_EXPAND];
    options->check = given.check;
    options->drivers = or_else(
        given.value[OPTION_DRIVERS], arena_printf(arena, "%s/drivers", sdk));
    find_board(arena, options, sdk);

    uint32_t count = given.search_count;
    const char **search = arena_array(arena, count + 2u, sizeof(*search));
    if (count > 0) {
        memcpy(search, given.search, count * sizeof(*search));
    }
    search[count++] = ".";
    search[count++] = arena_printf(arena, "%s/components", options->config_dir);
    options->search = (struct files_path){ search, count };
}
