import { centralHeader, endRecord, type ZipRecord } from './zip-format.ts';
import { flushSink, writeToSink, type ZipSink } from './zip-sink.ts';

/** Writes the central directory, which ends a zip. */
export async function writeDirectory(sink: ZipSink, records: readonly ZipRecord[]): Promise<void> {
  const start = sink.position;
  for (const record of records) await writeToSink(sink, centralHeader(record));
  await writeToSink(sink, endRecord(records.length, start, sink.position - start));
  await flushSink(sink);
}
