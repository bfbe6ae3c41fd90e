/**
 * Drawn people for pictures of a call: the synthetic camera shows them in place of its bar code while
 * `sottoSynthetic.portrait(true)` holds. Defines `globalThis.sottoPortrait(pen, width, height, person, step)`.
 */
(() => {
  "use strict";

  const FACES = [
    { wall: ["#efe4d6", "#c8b39c"], glow: "#ffefcf", skin: "#e3b08c", shade: "#c68a66", hair: "#3a2620", cloth: "#2f6a66", cut: "long" },
    { wall: ["#cdd9dd", "#8fa5ae"], glow: "#f2f7f4", skin: "#8f5d3f", shade: "#6f4229", hair: "#1c1412", cloth: "#d19a48", cut: "short", beard: true },
    { wall: ["#ded7ea", "#a59cc0"], glow: "#fbe9f1", skin: "#f2cdb0", shade: "#d8a283", hair: "#a9672f", cloth: "#87394f", cut: "bun", glasses: true },
    { wall: ["#d5e0cd", "#93a885"], glow: "#fdf8da", skin: "#d9a27a", shade: "#b97d57", hair: "#6b6660", cloth: "#34507c", cut: "short" },
    { wall: ["#f0d9cf", "#c99c88"], glow: "#fff0dd", skin: "#6d4530", shade: "#52301f", hair: "#120d0c", cloth: "#e3d7c4", cut: "bun" },
    { wall: ["#cfd6e6", "#8b98b8"], glow: "#eef3ff", skin: "#c98f66", shade: "#a66f49", hair: "#26201f", cloth: "#566b3c", cut: "long", glasses: true },
  ];

  const glow = (pen, width, height, x, y, radius, colour) => {
    const light = pen.createRadialGradient(x, y, 0, x, y, radius);
    light.addColorStop(0, colour);
    light.addColorStop(1, `${colour}00`);
    pen.fillStyle = light;
    pen.fillRect(0, 0, width, height);
  };

  /** What stands still, drawn once for each person and size: without a GPU, light and blur take 20 ms a picture. */
  const layers = new Map();
  const layer = (name, width, height, person, draw) => {
    const key = `${name} ${width} ${height} ${person}`;
    let canvas = layers.get(key);
    if (canvas === undefined) {
      canvas = new OffscreenCanvas(width, height);
      draw(canvas.getContext("2d", { willReadFrequently: true }));
      layers.set(key, canvas);
    }
    return canvas;
  };

  const drawRoom = (width, height, person, face) => (pen) => {
    const unit = height / 100;
    const room = pen.createLinearGradient(0, 0, width, height);
    room.addColorStop(0, face.wall[0]);
    room.addColorStop(1, face.wall[1]);
    pen.fillStyle = room;
    pen.fillRect(0, 0, width, height);
    glow(pen, width, height, width * (person % 2 === 0 ? 0.86 : 0.14), height * 0.2, height * 0.75, face.glow);
    // A shelf, out of focus.
    pen.filter = `blur(${Math.max(1, unit * 1.2)}px)`;
    const shelf = person % 2 === 0 ? width * 0.04 : width * 0.74;
    pen.fillStyle = `${face.shade}66`;
    pen.fillRect(shelf, 34 * unit, width * 0.22, 2.5 * unit);
    for (let book = 0; book < 7; book++) {
      pen.fillStyle = [face.cloth, face.hair, face.wall[1], face.shade][(book + person) % 4] + "99";
      pen.fillRect(shelf + (2 + book * 4.6) * unit, (18 + ((book * 5) % 4)) * unit, 3.6 * unit, (16 - ((book * 5) % 4)) * unit);
    }
    pen.filter = "none";
  };

  const drawLight = (width, height, person, face) => (pen) => {
    pen.globalAlpha = 0.18;
    glow(pen, width, height, width * (person % 2 === 0 ? 0.8 : 0.2), height * 0.15, height * 1.1, face.glow);
  };

  globalThis.sottoPortrait = (pen, width, height, person, step) => {
    const face = FACES[(person - 1 + FACES.length) % FACES.length];
    const unit = height / 100;
    const sway = Math.sin(step / 23 + person);
    const ellipse = (x, y, rx, ry, fill) => {
      pen.fillStyle = fill;
      pen.beginPath();
      pen.ellipse(x, y, rx, ry, 0, 0, 2 * Math.PI);
      pen.fill();
    };
    const stroke = (colour, thick, draw) => {
      pen.strokeStyle = colour;
      pen.lineWidth = thick;
      pen.lineCap = "round";
      pen.beginPath();
      draw();
      pen.stroke();
    };

    pen.drawImage(layer("room", width, height, person, drawRoom(width, height, person, face)), 0, 0);
    pen.save();
    pen.translate(width / 2 + sway * 1.4 * unit, Math.sin(step / 17) * 0.5 * unit);
    pen.scale(unit, unit);
    pen.lineJoin = "round";

    if (face.cut === "long") {
      pen.fillStyle = face.hair;
      pen.beginPath();
      pen.moveTo(-20, 44);
      pen.bezierCurveTo(-23, 14, 23, 14, 20, 44);
      pen.bezierCurveTo(22, 62, 25, 76, 21, 86);
      pen.lineTo(-21, 86);
      pen.bezierCurveTo(-25, 76, -22, 62, -20, 44);
      pen.fill();
    }
    if (face.cut === "bun") ellipse(0, 17, 8.5, 7.5, face.hair);

    pen.fillStyle = face.cloth;
    pen.beginPath();
    pen.moveTo(-48, 104);
    pen.bezierCurveTo(-44, 86, -28, 80, -11, 77);
    pen.quadraticCurveTo(0, 86, 11, 77);
    pen.bezierCurveTo(28, 80, 44, 86, 48, 104);
    pen.fill();
    pen.fillStyle = face.shade;
    pen.beginPath();
    pen.moveTo(-8, 60);
    pen.lineTo(-9.5, 78);
    pen.quadraticCurveTo(0, 86, 9.5, 78);
    pen.lineTo(8, 60);
    pen.fill();

    pen.rotate(sway * 0.02);
    ellipse(-17, 50, 3, 4.6, face.shade);
    ellipse(17, 50, 3, 4.6, face.shade);
    pen.fillStyle = face.skin;
    pen.beginPath();
    pen.moveTo(-17, 42);
    pen.bezierCurveTo(-17, 18, 17, 18, 17, 42);
    pen.bezierCurveTo(17, 62, 10, 72, 0, 72);
    pen.bezierCurveTo(-10, 72, -17, 62, -17, 42);
    pen.fill();
    if (face.beard) {
      pen.fillStyle = `${face.hair}d8`;
      pen.beginPath();
      pen.moveTo(-16.8, 48);
      pen.bezierCurveTo(-16, 68, -8, 74, 0, 74);
      pen.bezierCurveTo(8, 74, 16, 68, 16.8, 48);
      pen.bezierCurveTo(13, 58, 8, 57, 0, 57);
      pen.bezierCurveTo(-8, 57, -13, 58, -16.8, 48);
      pen.fill();
    }
    ellipse(-9.5, 56, 3.6, 2.4, "#d9605022");
    ellipse(9.5, 56, 3.6, 2.4, "#d9605022");

    pen.fillStyle = face.hair;
    pen.beginPath();
    pen.moveTo(-18, 45);
    pen.bezierCurveTo(-21, 12, 21, 12, 18, 45);
    if (face.cut === "short") pen.bezierCurveTo(17, 34, 12, 30, 0, 30);
    else pen.bezierCurveTo(14, 36, 8, 30, -4, 29);
    pen.bezierCurveTo(-12, 30, -16, 36, -18, 45);
    pen.fill();

    const blink = step % 71 < 3;
    for (const side of [-1, 1]) {
      if (blink) stroke(face.shade, 1, () => { pen.moveTo(side * 7 - 2.6, 48); pen.lineTo(side * 7 + 2.6, 48); });
      else {
        ellipse(side * 7, 48, 2.9, 1.9, "#fbf8f4");
        ellipse(side * 7 + sway * 0.4, 48, 1.6, 1.75, "#3a2b26");
        ellipse(side * 7 + sway * 0.4 + 0.5, 47.4, 0.45, 0.45, "#ffffff");
      }
      stroke(face.hair, 1.1, () => {
        pen.moveTo(side * 3.8, 43.6);
        pen.quadraticCurveTo(side * 7.4, 41.6, side * 10.8, 43.8);
      });
      if (face.glasses) stroke("#2c2a30", 0.8, () => pen.ellipse(side * 7.2, 48.4, 5, 4.4, 0, 0, 2 * Math.PI));
    }
    if (face.glasses) stroke("#2c2a30", 0.8, () => { pen.moveTo(-2.2, 47.8); pen.quadraticCurveTo(0, 46.9, 2.2, 47.8); });
    stroke(face.shade, 0.9, () => { pen.moveTo(0.4, 50); pen.quadraticCurveTo(2.4, 54.6, -0.8, 55.4); });
    const open = Math.max(0, Math.sin(step / 3 + person)) * (Math.sin(step / 19 + person * 2) > 0 ? 1 : 0);
    pen.fillStyle = "#8c3b3a";
    pen.beginPath();
    pen.moveTo(-5.6, 61);
    pen.quadraticCurveTo(0, 63, 5.6, 61);
    pen.quadraticCurveTo(0, 66.2 + open * 2.4, -5.6, 61);
    pen.fill();
    pen.fillStyle = "#fffaf5";
    pen.beginPath();
    pen.moveTo(-4.4, 61.6);
    pen.quadraticCurveTo(0, 63.2, 4.4, 61.6);
    pen.quadraticCurveTo(0, 64.4, -4.4, 61.6);
    pen.fill();
    pen.restore();

    pen.drawImage(layer("light", width, height, person, drawLight(width, height, person, face)), 0, 0);
  };
})();
