/**
 * A still picture as a video track: a figure before a soft background, or a page of text for `-1`. Null where there is no
 * canvas (tests).
 */
export function painting(index: number): MediaStreamTrack | null {
  const canvas = document.createElement("canvas");
  if (typeof canvas.captureStream !== "function") return null;
  canvas.width = 1280;
  canvas.height = 720;
  const context = canvas.getContext("2d");
  if (!context) return null;
  const paint = () => (index < 0 ? paintPage(context) : paintFigure(context, index));
  paint();
  setInterval(paint, 200);
  return canvas.captureStream(10).getVideoTracks()[0] ?? null;
}

function paintFigure(context: CanvasRenderingContext2D, index: number): void {
  const hue = (index * 67 + 30) % 360;
  const { width, height } = context.canvas;
  const wall = context.createLinearGradient(0, 0, width, height);
  wall.addColorStop(0, `hsl(${hue} 26% 62%)`);
  wall.addColorStop(1, `hsl(${(hue + 40) % 360} 22% 38%)`);
  context.fillStyle = wall;
  context.fillRect(0, 0, width, height);
  context.fillStyle = `hsl(${(hue + 190) % 360} 30% 30%)`;
  context.beginPath();
  context.ellipse(width / 2, height * 1.08, 330, 310, 0, 0, Math.PI * 2);
  context.fill();
  context.fillStyle = `hsl(${22 + index * 3} 40% ${72 - index * 9}%)`;
  context.beginPath();
  context.ellipse(width / 2, height * 0.45, 120, 150, 0, 0, Math.PI * 2);
  context.fill();
}

function paintPage(context: CanvasRenderingContext2D): void {
  const { width, height } = context.canvas;
  context.fillStyle = "#fbfbf8";
  context.fillRect(0, 0, width, height);
  context.fillStyle = "#30303a";
  context.font = "600 44px sans-serif";
  context.fillText("Quartet in F, second movement", 90, 120);
  context.fillStyle = "#c9c9cf";
  for (let line = 0; line < 12; line++) context.fillRect(90, 180 + line * 42, 900 - ((line * 131) % 260), 14);
}
