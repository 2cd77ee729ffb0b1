import sevenZip, { type SevenZipModule, type SevenZipModuleFactory } from '7z-wasm';

// The package is CommonJS and its factory is the module itself, whatever its types say.
const open = sevenZip as unknown as SevenZipModuleFactory;

/** Runs 7-Zip in a file system of its own, in memory, that holds `input`; gives the file it makes. Throws what 7-Zip says. */
export async function runSevenZip(
  args: readonly string[],
  input: { readonly name: string; readonly bytes: Uint8Array },
  output: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const said: string[] = [];
  const note = (line: string): void => void said.push(line);
  const machine = await open({ print: note, printErr: note });
  writeInput(machine, input.name, input.bytes);
  machine.callMain([...args]);
  try {
    return Uint8Array.from(machine.FS.readFile(output));
  } catch (error) {
    throw new Error(`7-Zip made nothing: ${said.slice(-5).join(' ').trim()}`, { cause: error });
  }
}

function writeInput({ FS }: SevenZipModule, name: string, bytes: Uint8Array): void {
  const stream = FS.open(name, 'w+');
  FS.write(stream, bytes, 0, bytes.length);
  FS.close(stream);
}
