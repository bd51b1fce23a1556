# SPDX-License-Identifier: BSD-2-Clause
#
# Prints one attribute of the first element of that name in a board.xml:
#
#   awk -f board_fact.awk -v element=image -v attribute=base board.xml
#
# The tool reads board.xml properly; this is for the few numbers that the build
# needs before there is a tool.  A record is what ends at ">".
BEGIN { RS = ">" }
$0 ~ "<" element "[ \t\n]" {
    if (match($0, "[ \t\n]" attribute "=\"[^\"]*\"")) {
        text = substr($0, RSTART, RLENGTH)
        sub(/^[^"]*"/, "", text)
        sub(/"$/, "", text)
        print text
    }
    exit
}
