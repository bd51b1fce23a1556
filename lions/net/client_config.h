/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * client_config.h - what the tool tells a program that uses lions/net/client.h.
 *
 * Shape     the contents of .net_client_config, .timer_client_config and
 *           .serial_client_config; the last one is in programs that call
 *           net_client_console().
 * Owner     client.c and console.c; written by the tool.
 */
#pragma once

#include <sddf/network/config.h>
#include <sddf/serial/config.h>
#include <sddf/timer/config.h>

extern net_client_config_t net_client_net_config;
extern timer_client_config_t net_client_timer_config;
extern serial_client_config_t net_client_serial_config;
