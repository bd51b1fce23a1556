/* SPDX-License-Identifier: BSD-2-Clause */
// Polls /status.json once a second and shows values and rates.  Everything is
// written as text, never as markup.
'use strict';

const POLL_MS = 1000;
const HISTORY = 60; // values in a line
const SHORTEST = 15; // until there are that many, the line grows
const byId = (id) => document.getElementById(id);
const history = {requests: [], packets: [], cpu: []};
let last = null;

// Numbers for people.
const group = new Intl.NumberFormat('en').format;
function short(n) {
  if (n < 10000) {
    return group(n >= 100 ? Math.round(n) : Math.round(n * 10) / 10);
  }
  const units = ['k', 'M', 'G', 'T'];
  let i = -1;
  do {
    n /= 1000;
    i++;
  } while (n >= 1000 && i < units.length - 1);
  return n.toPrecision(3) + ' ' + units[i];
}

function duration(seconds) {
  const s = Math.floor(seconds);
  const two = (n) => String(n).padStart(2, '0');
  const days = Math.floor(s / 86400);
  const clock = `${two(Math.floor(s / 3600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return days ? `${days} d ${clock}` : clock;
}

// Elements.
function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) {
    element.textContent = text;
  }
  if (className) {
    element.className = className;
  }
  return element;
}

function setText(id, text) {
  byId(id).textContent = text;
}

// A line of the last values, above a filled area.
function spark(id, values) {
  const svg = byId(id);
  const top = Math.max(1e-9, ...values);
  const room = Math.max(SHORTEST, values.length);
  const step = 60 / (room - 1);
  const from = room - values.length;
  const points = values.map((v, i) => `${((from + i) * step).toFixed(2)},${(19 - 17 * v / top).toFixed(2)}`);
  const area = [`${(from * step).toFixed(2)},20`, ...points, '60,20'];
  const ns = 'http://www.w3.org/2000/svg';
  const polygon = document.createElementNS(ns, 'polygon');
  const line = document.createElementNS(ns, 'polyline');
  polygon.setAttribute('points', area.join(' '));
  line.setAttribute('points', points.join(' '));
  svg.replaceChildren(polygon, line);
}

function remember(name, value) {
  const values = history[name];
  values.push(Math.max(0, value));
  if (values.length > HISTORY) {
    values.shift();
  }
  spark('spark-' + name, values);
}

// Differences between two answers.
function find(list, name) {
  return list.find((item) => item.name === name);
}

function sum(status, component, pattern) {
  const found = find(status.components, component);
  if (!found) {
    return 0;
  }
  return Object.entries(found.counters)
    .filter(([name]) => pattern.test(name))
    .reduce((total, [, value]) => total + value, 0);
}

function packets(status) {
  return sum(status, 'net_driver', /^(rx|tx)_packets$/);
}

function rate(now, before, seconds) {
  return seconds > 0 ? Math.max(0, (now - before) / seconds) : 0;
}

function share(pd, before, ticks) {
  return before && ticks > 0 ? Math.min(1, Math.max(0, (pd.ticks - before.ticks) / ticks)) : 0;
}

// Sections of the page.
function showTiles(now, before, seconds) {
  setText('uptime', duration(now.uptime_ns / 1e9));
  setText('requests', group(now.http.requests));
  setText('packets', group(packets(now)));
  setText('connections', now.http.connections);
  setText('connection-limit', now.http.connection_limit);
  if (!before) {
    return;
  }
  const requests = rate(now.http.requests, before.http.requests, seconds);
  const moved = rate(packets(now), packets(before), seconds);
  const ticks = now.ticks - before.ticks;
  const busy = now.pds.reduce((total, pd) => total + share(pd, find(before.pds, pd.name), ticks), 0);
  setText('requests-rate', short(requests));
  setText('packets-rate', short(moved));
  setText('cpu', (100 * Math.min(1, busy)).toFixed(1) + ' %');
  remember('requests', requests);
  remember('packets', moved);
  remember('cpu', busy);
}

function showPath(now, before, seconds) {
  for (const item of byId('path').children) {
    const pd = find(now.pds, item.dataset.pd);
    const old = before && find(before.pds, item.dataset.pd);
    let text = item.querySelector('.rate');
    if (!pd) {
      continue;
    }
    if (!text) {
      text = item.appendChild(make('span', '', 'rate'));
    }
    item.classList.toggle('fault', pd.state === 'faulted' || pd.state === 'stopped');
    text.textContent = old ? short(rate(pd.switches, old.switches, seconds)) + ' runs/s' : '';
  }
}

function pdRow(pd, old, ticks, seconds) {
  const row = make('tr');
  const part = share(pd, old, ticks);
  const state = row.appendChild(make('td', pd.name)) && row.appendChild(make('td'));
  const cell = row.appendChild(make('td')).appendChild(make('div', undefined, 'share'));
  const bar = cell.appendChild(make('i'));
  state.appendChild(make('span', pd.state, 'state ' + pd.state));
  bar.style.setProperty('--part', (100 * part).toFixed(1) + '%');
  cell.appendChild(make('span', (100 * part).toFixed(1) + ' %'));
  row.appendChild(make('td', old ? short(rate(pd.switches, old.switches, seconds)) : '–', 'n'));
  row.appendChild(make('td', group(pd.starts), 'n'));
  row.appendChild(make('td', group(pd.faults), 'n'));
  return row;
}

function showPds(now, before, seconds) {
  const ticks = before ? now.ticks - before.ticks : 0;
  const sorted = [...now.pds].sort((a, b) => a.name.localeCompare(b.name));
  const rows = sorted.map((pd) => pdRow(pd, before && find(before.pds, pd.name), ticks, seconds));
  byId('pds').tBodies[0].replaceChildren(...rows);
}

// Counters of what should not happen.
const TROUBLE = /^(bad|(rx|tx)_bad|no_|duplicate|resets|timeouts$|aborted|half_open)|refused|dropped|full|overruns/;

// States, which go up and down: a rate of them says nothing.
const GAUGE = /^(connections|connection_limit|buffers|backlog|(rx|tx)_posted|with_(driver|clients))$/;

function counterRow(name, value, old, seconds) {
  const row = make('tr', undefined, TROUBLE.test(name) ? 'trouble' : '');
  const change = old === undefined || GAUGE.test(name) ? 0 : rate(value, old, seconds);
  row.appendChild(make('td', name.replace(/_/g, ' ')));
  row.appendChild(make('td', group(value)));
  row.appendChild(make('td', change > 0 ? short(change) + '/s' : ''));
  return row;
}

// What is zero is only named, in one line.
function counterCard(title, counters, old, seconds) {
  const card = make('article');
  const body = make('tbody');
  const zero = [];
  card.appendChild(make('h3', title));
  for (const [name, value] of Object.entries(counters)) {
    if (value === 0) {
      zero.push(name.replace(/_/g, ' '));
    } else {
      body.appendChild(counterRow(name, value, old && old[name], seconds));
    }
  }
  card.appendChild(make('table')).appendChild(body);
  if (zero.length > 0) {
    card.appendChild(make('p', 'Zero: ' + zero.join(', '), 'zero'));
  }
  return card;
}

function showCounters(now, before, seconds) {
  const cards = [counterCard('http', now.http, before && before.http, seconds)];
  for (const component of now.components) {
    const old = before && find(before.components, component.name);
    cards.push(counterCard(component.name, component.counters, old && old.counters, seconds));
  }
  byId('components').replaceChildren(...cards);
}

function showFacts(now) {
  const items = [];
  for (const [name, value] of Object.entries(now.facts)) {
    items.push(make('dt', name), make('dd', value));
  }
  byId('facts').replaceChildren(...items);
}

function show(now) {
  // After a reset of the board there is nothing to compare with.
  const before = last && last.uptime_ns < now.uptime_ns ? last : null;
  const seconds = before ? (now.uptime_ns - before.uptime_ns) / 1e9 : 0;
  showTiles(now, before, seconds);
  showPath(now, before, seconds);
  showPds(now, before, seconds);
  showCounters(now, before, seconds);
  showFacts(now);
  last = now;
}

function showLink(text, state) {
  const pill = byId('link');
  pill.textContent = text;
  pill.className = 'pill ' + state;
}

async function poll() {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), 5000);
  try {
    const answer = await fetch('/status.json', {cache: 'no-store', signal: abort.signal});
    if (!answer.ok) {
      throw new Error('status ' + answer.status);
    }
    show(await answer.json());
    showLink('live', 'live');
  } catch (error) {
    showLink('no answer', 'lost');
  } finally {
    clearTimeout(timer);
    setTimeout(poll, document.hidden ? 10 * POLL_MS : POLL_MS);
  }
}

poll();
