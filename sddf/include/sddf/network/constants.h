/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constants.h - numbers that every part of the net class agrees on.
 *
 * Shape     a data region is an array of buffers of NET_BUFFER_SIZE bytes.
 * Units     bytes.
 */
#pragma once

/* One buffer: a power of two that holds an Ethernet frame of 1518 bytes. */
#define NET_BUFFER_SIZE 2048

/* Shortest and longest frame (without checksum) that a client may send. */
#define NET_FRAME_MIN 14
#define NET_FRAME_MAX 1518

/* Most buffers that a subsystem can have; a power of two. */
#define NET_BUFFERS_MAX 4096

/* Pbufs of a client that uses sDDF's form of the lwIP library, which
 * takes the memory for its pbufs from its configuration: more than it has
 * buffers, because a frame may be cut into several; each with room for a pbuf
 * and what the library adds. */
#define NET_PBUFS_PER_BUFFER 2
#define NET_PBUF_SIZE        128
