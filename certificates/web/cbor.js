// The part of CBOR (RFC 8949) that signed lists and certificates are written in, read strictly:
// whatever could have been written in another way is refused.

export class Malformed extends Error {}

const LARGEST = 4_000_000;
const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export class Tagged {
  constructor(tag, value) {
    this.tag = tag;
    this.value = value;
  }
}

/** Return what the bytes say; throws Malformed unless they say it in the one canonical form. */
export function decode(bytes) {
  if (bytes.length > LARGEST) throw new Malformed("too long");
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (reader.place !== bytes.length) throw new Malformed("bytes are left over");
  return value;
}

/** Return the bytes that ES256 signs in a COSE_Sign1 message. */
export function toSign(protectedBytes, payload) {
  const context = new TextEncoder().encode("Signature1");
  return joined([
    Uint8Array.of(0x84, 0x60 | context.length), context,
    head(2, protectedBytes.length), protectedBytes,
    Uint8Array.of(0x40),
    head(2, payload.length), payload,
  ]);
}

function head(major, count) {
  const first = major << 5;
  if (count < 24) return Uint8Array.of(first | count);
  if (count < 0x100) return Uint8Array.of(first | 24, count);
  if (count < 0x10000) return Uint8Array.of(first | 25, count >> 8, count & 255);
  return Uint8Array.of(first | 26, count >>> 24, (count >> 16) & 255, (count >> 8) & 255, count & 255);
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.place = 0;
  }

  value(depth) {
    if (depth > 12) throw new Malformed("too deep");
    const first = this.byte();
    const major = first >> 5;
    if (major === 7) return this.simple(first & 31);
    const count = this.count(first & 31);
    switch (major) {
      case 0: return count;
      case 1: return -1 - count;
      case 2: return this.take(count).slice();
      case 3: return this.string(count);
      case 4: return this.list(count, depth);
      case 5: return this.map(count, depth);
      default: return new Tagged(count, this.value(depth + 1));
    }
  }

  byte() {
    if (this.place >= this.bytes.length) throw new Malformed("cut off");
    return this.bytes[this.place++];
  }

  take(count) {
    if (this.place + count > this.bytes.length) throw new Malformed("cut off");
    this.place += count;
    return this.bytes.subarray(this.place - count, this.place);
  }

  // A count is written in as few bytes as it takes.
  count(short) {
    if (short < 24) return short;
    if (short > 27) throw new Malformed("no definite length");
    const size = 1 << (short - 24);
    const start = this.place;
    this.take(size);
    const read = [
      () => this.view.getUint8(start),
      () => this.view.getUint16(start),
      () => this.view.getUint32(start),
      () => Number(this.view.getBigUint64(start)),
    ][short - 24]();
    const least = [24, 0x100, 0x10000, 0x100000000][short - 24];
    if (read < least || !Number.isSafeInteger(read)) throw new Malformed("not the shortest form");
    return read;
  }

  string(count) {
    try {
      return text.decode(this.take(count));
    } catch (error) {
      throw new Malformed("no UTF-8", { cause: error });
    }
  }

  list(count, depth) {
    if (count > this.bytes.length) throw new Malformed("cut off");
    return Array.from({ length: count }, () => this.value(depth + 1));
  }

  map(count, depth) {
    const found = new Map();
    let before = null;
    for (let number = 0; number < count; number++) {
      const start = this.place;
      const key = this.value(depth + 1);
      const written = this.bytes.subarray(start, this.place);
      if (before && !comesBefore(before, written)) throw new Malformed("keys out of order");
      before = written;
      found.set(key, this.value(depth + 1));
    }
    return found;
  }

  simple(which) {
    if (which === 20) return false;
    if (which === 21) return true;
    if (which === 22) return null;
    throw new Malformed("no such value here");
  }
}

// The shorter key first, then byte by byte (RFC 8949, 4.2.3): equal keys are out of order, too.
function comesBefore(one, other) {
  if (one.length !== other.length) return one.length < other.length;
  for (let place = 0; place < one.length; place++) {
    if (one[place] !== other[place]) return one[place] < other[place];
  }
  return false;
}
