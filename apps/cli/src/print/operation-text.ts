const phrases: Readonly<Record<string, string>> = {
  generate: 'makes a picture from words',
  edit: 'changes a picture as the words say',
  inpaint: 'repaints the part of a picture that a mask marks',
  outpaint: 'extends a picture beyond its edges',
  upscale: 'enlarges a picture',
  colorize: 'gives a black-and-white picture colours',
  stylize: 'redraws a whole picture in another style',
  stylizeLocal: 'gives a part of a picture another style',
  removeWatermark: 'removes text and watermarks from a picture',
  doodle: 'paints a picture after line art',
  cartoonCharacter: 'makes a new picture of the cartoon character in a picture',
};

/** What an operation is for; empty for one that only its provider knows. */
export function operationText(operation: string): string {
  return Object.hasOwn(phrases, operation) ? phrases[operation]! : '';
}
