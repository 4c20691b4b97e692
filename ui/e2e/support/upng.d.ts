declare module "upng-js" {
  interface Image {
    width: number;
    height: number;
  }
  const UPNG: {
    decode: (png: Uint8Array) => Image;
    toRGBA8: (image: Image) => ArrayBuffer[];
    /** Colours: 0 keeps all. */
    encode: (frames: ArrayBuffer[], width: number, height: number, colours: number) => ArrayBuffer;
  };
  export default UPNG;
}
