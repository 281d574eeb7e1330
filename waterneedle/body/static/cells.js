// Cells of the skin as runs: [first, count, value] in order, as few as can be. waterneedle/body/pain.py reads and writes the same.

// `values` is a Map from cell to value.
export function runs(values) {
  const found = [];
  for (const cell of [...values.keys()].sort((a, b) => a - b)) {
    const value = values.get(cell);
    const last = found.at(-1);
    if (last && last[0] + last[1] === cell && last[2] === value) last[1] += 1;
    else found.push([cell, 1, value]);
  }
  return found;
}

// The Map again. Throws a RangeError for runs that are out of order, overlap, or leave a body of `cells` cells.
export function values(list, cells) {
  const found = new Map();
  let end = 0;
  for (const [first, count, value] of list) {
    if (!(Number.isInteger(first) && Number.isInteger(count) && first >= end && count >= 1 && first + count <= cells)) {
      throw new RangeError(`no such run of cells: ${first}, ${count}`);
    }
    end = first + count;
    for (let cell = first; cell < end; cell++) found.set(cell, value);
  }
  return found;
}
