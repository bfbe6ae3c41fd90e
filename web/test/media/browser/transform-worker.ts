/** Passes frames on and remembers what it saw; for tests alone. */
interface Seen {
  frames: number;
  /** Size of a frame → how many had it. */
  readonly sizes: Map<number, number>;
}

interface ScriptTransformer {
  readonly readable: ReadableStream<{ readonly data: ArrayBuffer }>;
  readonly writable: WritableStream<unknown>;
  readonly options: { readonly id: number; readonly blind: boolean };
}

const seen = new Map<number, Seen>();

addEventListener("rtctransform", (event) => {
  const { readable, writable, options } = (event as unknown as { transformer: ScriptTransformer }).transformer;
  const record: Seen = { frames: 0, sizes: new Map() };
  seen.set(options.id, record);
  // A blind one stands for a transform that the browser has lost: nothing ever reaches it.
  if (!options.blind) void pass(readable.getReader(), writable.getWriter(), record);
});

async function pass(
  reader: ReadableStreamDefaultReader<{ readonly data: ArrayBuffer }>,
  writer: WritableStreamDefaultWriter<unknown>,
  record: Seen,
): Promise<void> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const size = value.data.byteLength;
    record.frames++;
    record.sizes.set(size, (record.sizes.get(size) ?? 0) + 1);
    await writer.write(value);
  }
}

addEventListener("message", ({ data }: MessageEvent<{ question: number; id: number; forget: boolean }>) => {
  const record = seen.get(data.id);
  postMessage({ question: data.question, frames: record?.frames ?? 0, sizes: [...(record?.sizes ?? [])] });
  if (data.forget) record?.sizes.clear();
});
