// The figures of golden.json as the browser draws them: node golden.mjs <waterneedle/body> > float32 vertices, then uint16 faces.
import { readFile } from "node:fs/promises";
import { argv, stdout } from "node:process";

const body = argv[2];
const source = await readFile(`${body}/static/mesh.js`, "utf8");
const mesh = await import(`data:text/javascript,${encodeURIComponent(source)}`); // by text: the name says nothing of modules to node
const header = JSON.parse(await readFile(`${body}/pack/body.json`, "utf8"));
const golden = JSON.parse(await readFile(new URL("golden.json", import.meta.url), "utf8"));

const pack = await mesh.decode(header, await readFile(`${body}/pack/body.bin`));
const drawn = golden.figures.map(({ coefficients }) => mesh.vertices(pack, coefficients));
stdout.write(Buffer.concat([...drawn, mesh.faces(pack)].map((array) => Buffer.from(array.buffer))));
