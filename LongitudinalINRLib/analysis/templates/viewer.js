"use strict";
// The planes that scroll: NiiVue draws them; this page paints the change into a volume of colours.
(() => {
  const text = (id) => document.getElementById(id)?.textContent;
  const settings = JSON.parse(text("viewer-settings"));
  const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const table = bytes(settings.colours);
  const output = document.getElementById("month-text");
  const slider = document.getElementById("month-slider");
  const pointText = document.getElementById("point-text");
  const minus = (number, digits) => number.toFixed(digits).replace("-", "−");

  const image = (base64, name) => niivue.NVImage.loadFromBase64({ base64, name: `${name}.nii.gz` });
  const cross = (u, v) => [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  const dot = (u, v) => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];

  // Where a point in mm lies in the stored order of voxels; null outside.
  const voxelAt = ({ affine, dims }, mm) => {
    const axes = [0, 1, 2].map((n) => [affine[0][n], affine[1][n], affine[2][n]]);
    const shifted = mm.map((value, n) => value - affine[n][3]);
    const normals = [cross(axes[1], axes[2]), cross(axes[2], axes[0]), cross(axes[0], axes[1])];
    const index = normals.map((normal) => Math.round(dot(normal, shifted) / dot(axes[0], normals[0])));
    if (index.some((value, n) => value < 0 || value >= dims[n + 1])) return null;
    return index[0] + dims[1] * (index[1] + dims[2] * index[2]);
  };

  const values = async (id) => {
    const stored = text(id);
    if (stored === undefined) return null;
    const { img, hdr } = await image(stored, id);
    return { steps: img, scale: hdr.scl_slope, hdr };
  };
  const kept = new Map();
  const maps = (index) => {
    if (!kept.has(index)) {
      kept.set(index, Promise.all([values(`volume-change-${index}`), values(`volume-interval-${index}`)]));
    }
    return kept.get(index);
  };

  // Where the voxels of a scan lie between those of a map, whose axes are the same: neighbours and share, by axis.
  const betweenVoxels = (scan, map) => [0, 1, 2].map((axis) => {
    const along = (hdr) => [0, 1, 2].map((n) => hdr.affine[n][axis]);
    const [u, v] = [along(scan), along(map)];
    const origin = [0, 1, 2].map((n) => scan.affine[n][3] - map.affine[n][3]);
    const [start, step] = [dot(origin, v) / dot(v, v), dot(u, v) / dot(v, v)];
    const last = map.dims[axis + 1] - 1;
    const count = scan.dims[axis + 1];
    const below = new Int32Array(count);
    const share = new Float32Array(count);
    for (let n = 0; n < count; n += 1) {
      const at = Math.min(last, Math.max(0, start + n * step));
      below[n] = Math.max(0, Math.min(last - 1, Math.floor(at)));
      share[n] = at - below[n];
    }
    return { below, share };
  });

  // How much of a colour is to be seen: none up to a share of the interval, all from its end on.
  const visible = (change, halfWidth) => {
    if (halfWidth <= 0) return 0;
    const share = (Math.abs(Math.log(Math.max(1 + change, 0.001))) / halfWidth - settings.fadedShare) / (1 - settings.fadedShare);
    return Math.min(1, Math.max(0, share));
  };

  const paint = (colours, brain, dims, [x, y, z], [changes, widths]) => {
    const [, columns, rows] = changes.hdr.dims;
    const corners = [0, 1, columns, columns + 1].flatMap((n) => [n, n + columns * rows]);
    const weights = new Float32Array(8);
    const mean = ({ steps, scale }, first) => {
      let sum = 0;
      for (let n = 0; n < 8; n += 1) sum += weights[n] * (steps[first + corners[n]] ?? 0);
      return sum * scale;
    };
    for (let voxel = 0, k = 0; k < dims[3]; k += 1) {
      for (let j = 0; j < dims[2]; j += 1) {
        for (let i = 0; i < dims[1]; i += 1, voxel += 1) {
          if (brain[voxel] === 0) continue;
          const first = x.below[i] + columns * (y.below[j] + rows * z.below[k]);
          for (let n = 0; n < 8; n += 1) {
            weights[n] = (n & 2 ? x.share[i] : 1 - x.share[i]) * (n & 4 ? y.share[j] : 1 - y.share[j]) * (n & 1 ? z.share[k] : 1 - z.share[k]);
          }
          const change = mean(changes, first);
          const place = Math.min(1, Math.max(-1, change / settings.limit));
          const entry = 4 * Math.round(((place + 1) / 2) * (table.length / 4 - 1));
          const seen = widths ? visible(change, mean(widths, first)) : 1;
          colours[4 * voxel] = table[entry];
          colours[4 * voxel + 1] = table[entry + 1];
          colours[4 * voxel + 2] = table[entry + 2];
          colours[4 * voxel + 3] = Math.round(table[entry + 3] * seen);
        }
      }
    }
  };

  // An empty volume of colours on the grid of a scan.
  const emptyColours = ({ dims, pixDims, affine }) => {
    const [, i, j, k] = dims;
    const file = niivue.NVImage.createNiftiArray([i, j, k], pixDims.slice(1, 4), affine.flat(), 2304, new Uint8Array(4 * i * j * k));
    return niivue.NVImage.new(file.buffer, "colours.nii");
  };

  const start = async () => {
    const view = new niivue.Niivue({
      backColor: [0, 0, 0, 1],
      crosshairColor: [0.95, 0.76, 0.3, 0.9],
      crosshairWidth: 1,
      dragAndDropEnabled: false,
      isRadiologicalConvention: true,
      isNearestInterpolation: false,
      isColorbar: false,
      multiplanarShowRender: niivue.SHOW_RENDER.NEVER,
      sagittalNoseLeft: true,
      fontMinPx: 11,
      logLevel: "silent",
    });
    await view.attachTo("planes");
    if (!view.gl) throw new Error("no WebGL 2");
    view.setSliceType(view.sliceTypeMultiplanar);
    const baseline = await image(text("volume-baseline"), "baseline");
    const colours = await emptyColours(baseline.hdr);
    baseline.cal_min = 0;
    baseline.cal_max = 255;
    view.addVolume(baseline);
    let shown = null;
    let between = null;

    const tell = () => {
      const [x, y, z] = view.frac2mm(view.scene.crosshairPos);
      const [changes, widths] = shown;
      const voxel = voxelAt(changes.hdr, [x, y, z]);
      const change = voxel === null ? 0 : changes.steps[voxel] * changes.scale;
      const width = voxel === null || !widths ? 0 : widths.steps[voxel] * widths.scale;
      const where = `${minus(x, 0)}, ${minus(y, 0)}, ${minus(z, 0)} mm`;
      if (voxel === null || (widths && width === 0)) {
        pointText.textContent = `At the crosshair (${where}): not in the brain, or the baseline itself.`;
        return;
      }
      const points = widths ? ` ± ${(100 * (1 + change) * width).toFixed(1)}` : "";
      const sign = change > 0 ? "+" : "";
      pointText.textContent = `At the crosshair (${where}): ${sign}${minus(100 * change, 1)}${points} %`;
    };

    const showMonth = async (index) => {
      const found = await maps(index);
      if (Number(slider.value) !== index) return; // moved on meanwhile
      shown = found;
      between ??= betweenVoxels(baseline.hdr, shown[0].hdr);
      paint(colours.img, baseline.img, baseline.hdr.dims, between, shown);
      if (view.volumes.length < 2) view.addVolume(colours);
      else view.updateGLVolume();
      view.drawScene();
      const badge = document.createElement("span");
      const kind = settings.kinds[index];
      badge.className = `kind ${kind}`;
      badge.textContent = kind;
      const month = `Month ${Number(settings.months[index].toPrecision(6))}`;
      output.replaceChildren(`${month} `, badge);
      slider.setAttribute("aria-valuetext", `${month}, ${kind}`);
      tell();
    };

    slider.addEventListener("input", () => showMonth(Number(slider.value)));
    slider.value = settings.start;
    await showMonth(settings.start);
    view.onLocationChange = tell;
    document.querySelectorAll(".place").forEach((place) => place.addEventListener("click", () => {
      view.scene.crosshairPos = view.mm2frac(place.dataset.mm.split(" ").map(Number));
      view.drawScene();
      tell();
      document.querySelectorAll("tr.chosen").forEach((row) => row.classList.remove("chosen"));
      place.closest("tr").classList.add("chosen");
      document.getElementById("viewer").scrollIntoView({ block: "nearest" });
    }));
    document.documentElement.dataset.viewer = "ready";
  };

  document.documentElement.dataset.viewer = "starting";
  start().catch((error) => {
    document.documentElement.dataset.viewer = "none";
    console.info(`The planes cannot be shown: ${error.message}`);
  });
})();
