"use strict";
// The viewer of brain maps, opened on request: NiiVue with the mean image and one map over it. Without WebGL2 the slices above stay all there is.
(() => {
  const byId = (id) => document.getElementById(id);
  const frame = byId("viewer"), said = byId("viewer-said");
  const STOPS = { heat: [[120, 10, 40], [205, 35, 40], [245, 110, 30], [255, 185, 60], [255, 245, 190]], cold: [[25, 45, 120], [25, 100, 165], [30, 155, 175], [110, 205, 160], [230, 245, 180]] };
  frame.hidden = false;

  async function unpack(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  }

  // A NIfTI-1 file of one volume.
  function nifti(size, affine, space, values, type, bits) {
    const bytes = new ArrayBuffer(352 + values.byteLength), head = new DataView(bytes);
    head.setInt32(0, 348, true);
    [3, ...size, 1, 1, 1, 1].forEach((length, k) => head.setInt16(40 + 2 * k, length, true));
    head.setInt16(70, type, true);
    head.setInt16(72, bits, true);
    const edge = (axis) => Math.hypot(affine[axis], affine[4 + axis], affine[8 + axis]);
    [1, edge(0), edge(1), edge(2)].forEach((length, k) => head.setFloat32(76 + 4 * k, length, true));
    head.setFloat32(108, 352, true);
    head.setFloat32(112, 1, true);
    head.setUint8(123, 2); // mm
    head.setInt16(254, space, true); // 0: no orientation, the edges alone
    affine.forEach((value, k) => head.setFloat32(280 + 4 * k, value, true));
    [0x6e, 0x2b, 0x31, 0].forEach((letter, k) => head.setUint8(344 + k, letter));
    new Uint8Array(bytes, 352).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return bytes;
  }

  function meanImage(data, greys) {
    const size = data.size.map((length) => Math.ceil(length / data.stride));
    const affine = data.affine.map((value, k) => (k % 4 < 3 ? value * data.stride : value));
    return nifti(size, affine, data.space, greys, 2, 8);
  }

  function mapImage(data, target, values) {
    const volume = new Float32Array(target.length);
    for (let voxel = 0; voxel < target.length; voxel++) if (target[voxel] > 0) volume[voxel] = values[target[voxel] - 1];
    return nifti(data.size, data.affine, data.space, volume, 16, 32);
  }

  function control(parent, label, element) {
    const line = document.createElement("label");
    line.append(`${label} `, element);
    parent.append(line);
    return element;
  }

  function slider(parent, label, low, high, value) {
    const input = control(parent, label, document.createElement("input"));
    const shown = document.createElement("output");
    Object.assign(input, { type: "range", min: low, max: high, step: "any", value });
    input.after(" ", shown);
    return input;
  }

  // What the table says of the target under the crosshair.
  function describe(name) {
    const table = byId("table"), rows = JSON.parse(byId("rows").textContent);
    const heads = [...table.tHead.rows[0].cells].map((head) => head.textContent), row = rows.find((one) => one[0] === name);
    if (row === undefined) return name;
    return [name, ...["r2", "p", "p_fwer"].filter((head) => heads.includes(head)).map((head) => `${head} ${row[heads.indexOf(head)]}`)].join(" · ");
  }

  async function open() {
    const data = JSON.parse(byId("viewer-data").textContent);
    const program = document.createElement("script");
    program.textContent = new TextDecoder().decode(await unpack(byId("viewer-code").textContent));
    document.head.append(program);
    const target = new Int32Array(await unpack(data.target));
    const greys = data.stride > 0 ? new Uint8Array(await unpack(data.mean)) : Uint8Array.from(target, (one) => (one > 0 ? 120 : 0));

    const tools = document.createElement("div"), canvas = document.createElement("canvas"), place = document.createElement("p");
    tools.className = "tools";
    place.className = "small";
    place.setAttribute("role", "status");
    canvas.setAttribute("aria-label", "Brain viewer: click or drag to move the crosshair; arrow keys move a slice");
    const box = document.createElement("div");
    box.className = "canvas";
    box.append(canvas);
    frame.append(tools, box, place);

    const viewer = new niivue.Niivue({ backColor: [0, 0, 0, 1], crosshairColor: [0.45, 0.8, 0.95, 0.7], crosshairWidth: 0.3, show3Dcrosshair: true, dragAndDropEnabled: false,
      loadingText: "", logLevel: "error", isColorbar: true, multiplanarForceRender: true, isNearestInterpolation: false, isRadiologicalConvention: false, isOrientationTextVisible: data.space > 0 });
    await viewer.attachToCanvas(canvas);
    for (const [name, stops] of Object.entries(STOPS))
      viewer.addColormap(`arete_${name}`, { ...Object.fromEntries(["R", "G", "B"].map((name, k) => [name, [stops[0], ...stops].map((stop) => stop[k])])), A: [0, 255, 255, 255, 255, 255], I: [0, 1, 64, 128, 191, 255] });
    const mean = await niivue.NVImage.new(meanImage({ ...data, stride: data.stride || 1 }, greys), "mean.nii", "gray", 1, null, 0, 300);
    mean.colorbarVisible = false;
    viewer.addVolume(mean);

    const choice = control(tools, "Map", document.createElement("select"));
    data.maps.forEach((map, k) => choice.add(new Option(map.title, k)));
    const threshold = slider(tools, "from", 0, 1, 0), opacity = slider(tools, "opacity", 0, 1, 0.9);

    const text = (map, value) => (map.name === "penalty" ? Number((10 ** (value - map.shift)).toPrecision(3)) : Number(value.toPrecision(3))).toString();
    function apply() {
      const map = data.maps[choice.value], image = viewer.volumes[1];
      image.cal_min = Math.max(Number(threshold.value), 1e-6);
      image.cal_max = Math.max(map.high, image.cal_min + 1e-6);
      image.opacity = Number(opacity.value);
      threshold.nextElementSibling.textContent = text(map, image.cal_min);
      opacity.nextElementSibling.textContent = `${Math.round(100 * image.opacity)} %`;
      viewer.updateGLVolume();
    }
    async function show() {
      const map = data.maps[choice.value];
      const values = new Float32Array(await unpack(map.values));
      const from = map.name === "p_fwer" ? 1.301 : map.name === "r2" ? map.high / 10 : map.low;
      const image = await niivue.NVImage.new(mapImage(data, target, values), `${map.name}.nii`, `arete_${map.ramp}`, 0.9, null, Math.max(from, 1e-6), map.high);
      if (viewer.volumes.length > 1) viewer.removeVolume(viewer.volumes[1]);
      viewer.addVolume(image);
      Object.assign(threshold, { min: map.low, max: map.high, value: from });
      apply();
    }
    threshold.addEventListener("input", apply);
    opacity.addEventListener("input", apply);
    choice.addEventListener("change", show);

    const edges = [0, 1, 2].map((axis) => Math.hypot(data.affine[axis], data.affine[4 + axis], data.affine[8 + axis]));
    const decimals = Math.min(Math.max(Math.ceil(-Math.log10(Math.min(...edges))), 0), 6); // that tell voxels apart
    const inverse = (mm) => { // the voxel of the maps' grid at a place, by Cramer's rule
      const a = data.affine, b = [mm[0] - a[3], mm[1] - a[7], mm[2] - a[11]], m = [[a[0], a[1], a[2]], [a[4], a[5], a[6]], [a[8], a[9], a[10]]];
      const det = (n) => n[0][0] * (n[1][1] * n[2][2] - n[1][2] * n[2][1]) - n[0][1] * (n[1][0] * n[2][2] - n[1][2] * n[2][0]) + n[0][2] * (n[1][0] * n[2][1] - n[1][1] * n[2][0]);
      return [0, 1, 2].map((column) => Math.round(det(m.map((row, r) => row.map((value, c) => (c === column ? b[r] : value)))) / det(m)));
    };
    viewer.onLocationChange = (where) => {
      const mm = [...where.mm].slice(0, 3), voxel = inverse(mm);
      const inside = voxel.every((index, axis) => index >= 0 && index < data.size[axis]);
      const one = inside ? target[voxel[0] + data.size[0] * (voxel[1] + data.size[1] * voxel[2])] : 0;
      place.textContent = `${mm.map((value) => Number(value.toFixed(decimals))).join(", ")} mm${one > 0 ? ` · ${describe(data.names.length > 0 ? data.names[one - 1] : voxel.join("_"))}` : ""}`;
    };
    await show();
    if (data.peak.every((value) => value !== null)) viewer.scene.crosshairPos = viewer.mm2frac(data.peak);
    viewer.drawScene();
    viewer.createOnLocationChange();
    window.areteViewer = viewer;
  }

  byId("viewer-open").addEventListener("click", async () => {
    const button = byId("viewer-open");
    button.disabled = true;
    if (document.createElement("canvas").getContext("webgl2") === null || !("DecompressionStream" in window)) {
      said.textContent = "This browser has no WebGL2, or is too old: the slices are all there is.";
      return;
    }
    said.textContent = "opening …";
    try {
      await open();
      button.hidden = true;
      said.textContent = "";
      frame.dataset.ready = "1";
    } catch (trouble) {
      said.textContent = `The viewer cannot be opened: ${trouble.message}`;
    }
  });
})();
