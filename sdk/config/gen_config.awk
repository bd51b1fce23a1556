# SPDX-License-Identifier: BSD-2-Clause
#
# Makes gen_config.h (form=h) or gen_config.json (form=json) from .conf files.
# A line is "NAME VALUE", "NAME yes", "NAME" (off), or a comment.  A later file
# wins.  `more` is a list of NAME=VALUE that comes before all files.
# Two spaces follow each name: makefiles of Microkit examples look for them.
BEGIN {
    n = split(more, pair, " ")
    for (i = 1; i <= n; i++) {
        split(pair[i], part, "=")
        name[++count] = part[1]
        value[part[1]] = part[2]
    }
}
NF == 0 || /^#/ { next }
{
    if (!($1 in value)) {
        name[++count] = $1
    }
    key = $1
    $1 = ""
    sub(/^ /, "")
    value[key] = $0
}
END {
    print form == "h" ? "/* Generated from sdk/config; see docs/manual.md. */" \
        "\n#pragma once\n" : "{"
    for (i = 1; i <= count; i++) {
        v = value[name[i]]
        if (form == "h") {
            if (v == "") {
                print "/* disabled: CONFIG_" name[i] " */"
            } else {
                print "#define CONFIG_" name[i] "  " (v == "yes" ? "1" : v)
            }
        } else {
            json = v == "" ? "false" : v == "yes" ? "true" : "\"" v "\""
            print "    \"" name[i] "\": " json (i < count ? "," : "")
        }
    }
    if (form != "h") {
        print "}"
    }
}
