/**
 * Draws textured quads around the viewer with WebGL, one draw call a tile.
 *
 * @typedef {import("./geometry.js").Vector} Vector
 * @typedef {{corner: Vector, across: Vector, down: Vector}} Quad
 */

const VERTEX = `
attribute vec2 place;
uniform mat4 camera;
uniform vec3 corner, across, down;
varying vec2 spot;
void main() {
  spot = place;
  gl_Position = camera * vec4(corner + across * place.x + down * place.y, 1.0);
}`;

const FRAGMENT = `
precision mediump float;
varying vec2 spot;
uniform sampler2D picture;
void main() {
  gl_FragColor = texture2D(picture, spot);
}`;

export class Renderer {
  /**
   * Return a renderer for the canvas, or null where the browser has no WebGL.
   * @param {HTMLCanvasElement} canvas
   */
  static on(canvas) {
    const gl = canvas.getContext("webgl", { alpha: false, antialias: false, depth: false, powerPreference: "low-power" });
    return gl === null ? null : new Renderer(canvas, gl);
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {WebGLRenderingContext} gl
   */
  constructor(canvas, gl) {
    this.canvas = canvas;
    this.gl = gl;
    this.calls = 0;
    this.prepare();
  }

  /** Compile and bind everything; needed again after the browser took the context away. */
  prepare() {
    const { gl } = this;
    const program = linked(gl);
    gl.useProgram(program);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), gl.STATIC_DRAW);
    const place = gl.getAttribLocation(program, "place");
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, 2, gl.FLOAT, false, 0, 0);
    this.camera = gl.getUniformLocation(program, "camera");
    this.corner = gl.getUniformLocation(program, "corner");
    this.across = gl.getUniformLocation(program, "across");
    this.down = gl.getUniformLocation(program, "down");
  }

  /**
   * Begin a frame of the given size in device pixels.
   * @param {number[]} camera
   * @param {{width: number, height: number}} size
   */
  begin(camera, { width, height }) {
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    this.calls = 0;
    this.gl.viewport(0, 0, width, height);
    this.gl.clear(this.gl.COLOR_BUFFER_BIT);
    this.gl.uniformMatrix4fv(this.camera ?? null, false, camera);
  }

  /**
   * @param {WebGLTexture} texture
   * @param {Quad} quad
   */
  draw(texture, { corner, across, down }) {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.uniform3fv(this.corner ?? null, corner);
    gl.uniform3fv(this.across ?? null, across);
    gl.uniform3fv(this.down ?? null, down);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    this.calls += 1;
  }

  /**
   * Return a texture that holds the picture.
   * @param {ImageBitmap} bitmap
   */
  texture(bitmap) {
    const { gl } = this;
    const texture = /** @type {WebGLTexture} */ (gl.createTexture());
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB, gl.RGB, gl.UNSIGNED_BYTE, bitmap);
    return texture;
  }

  /** @param {WebGLTexture} texture */
  free(texture) {
    this.gl.deleteTexture(texture);
  }
}

/** @param {WebGLRenderingContext} gl */
function linked(gl) {
  const program = /** @type {WebGLProgram} */ (gl.createProgram());
  for (const [kind, source] of /** @type {const} */ ([[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]])) {
    const shader = /** @type {WebGLShader} */ (gl.createShader(kind));
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return program;
}
