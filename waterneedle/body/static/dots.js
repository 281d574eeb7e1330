// How the dots of shapes.js are drawn by the graphics card: points and not spheres, always turned to the eye.
import { NormalBlending, ShaderMaterial } from "three";

const VERTEX = `
attribute vec2 look;
attribute vec4 fill;
attribute vec4 edge;
uniform float ratio; // pixels of the picture for each of the page
uniform float grow; // dots grow a little with the body
varying float shape;
varying float pixels;
varying float border;
varying vec4 inside;
varying vec4 outline;
void main() {
  vec4 place = modelViewMatrix * vec4(position, 1.0);
  vec3 towards = normalize(-place.xyz);
  float facing = smoothstep(0.02, 0.3, dot(normalize(normalMatrix * normal), towards));
  place.xyz += towards * (look.x > 2.5 && look.x < 3.5 ? 45.0 : 9.0); // mm before the skin, or a curved skin would cut it
  shape = look.x;
  pixels = look.y * ratio * grow;
  border = 1.25 * ratio;
  inside = vec4(fill.rgb, fill.a * facing);
  outline = vec4(edge.rgb, edge.a * facing);
  gl_PointSize = pixels;
  gl_Position = facing > 0.0 ? projectionMatrix * place : vec4(2.0, 2.0, 2.0, 1.0);
}`;

// Distances from the outline of each shape, negative inside; the square of the point is -1 to 1.
const FRAGMENT = `
varying float shape;
varying float pixels;
varying float border;
varying vec4 inside;
varying vec4 outline;
float outlineOf(vec2 p) {
  if (shape < 0.5) return length(p) - 0.84;
  if (shape < 1.5) return (abs(p.x) + abs(p.y) - 0.95) * 0.7071;
  if (shape < 2.5) return max(abs(p.x), abs(p.y)) - 0.66;
  if (shape < 3.5) return abs(length(p) - 0.8) - 0.1;
  if (shape > 4.5) return abs(length(p) - 0.61) - 0.31;
  return min(max(abs(p.x) - 0.3, abs(p.y) - 0.9), max(abs(p.y) - 0.3, abs(p.x) - 0.9));
}
void main() {
  vec2 p = gl_PointCoord * 2.0 - 1.0;
  float d = outlineOf(vec2(p.x, -p.y));
  float soft = 2.0 / pixels; // one pixel of the picture
  float body = 1.0 - smoothstep(-soft, 0.0, d + border * soft);
  float ring = 1.0 - smoothstep(-soft, 0.0, d);
  vec4 colour = mix(outline, inside, body);
  colour.a *= ring;
  if (colour.a < 0.01) discard;
  gl_FragColor = colour;
  #include <colorspace_fragment>
}`;

export function dotMaterial() {
  return new ShaderMaterial({
    vertexShader: VERTEX, fragmentShader: FRAGMENT, uniforms: { ratio: { value: 1 }, grow: { value: 1 } },
    transparent: true, depthWrite: false, blending: NormalBlending,
  });
}
