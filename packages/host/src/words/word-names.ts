// What the words of a request are called elsewhere: in the APIs of services, in other servers, and by agents that guess.

/** Other names of each word, without case, `_`, `-` and space. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  prompt: ['text', 'description', 'textprompt', 'imageprompt', 'promptext', 'instruction', 'instructions'],
  negativePrompt: ['negative', 'negprompt', 'exclude', 'avoid', 'undesired'],
  model: ['modelid', 'modelname', 'engine'],
  n: [
    'numimages',
    'numberofimages',
    'numimage',
    'imagecount',
    'count',
    'num',
    'nimages',
    'numoutputs',
    'numsamples',
  ].concat(['samples', 'batchsize', 'quantity', 'numberofpictures', 'samplecount']),
  size: ['imagesize', 'dimensions', 'dimension', 'outputsize'],
  width: ['imagewidth', 'outputwidth', 'w'],
  height: ['imageheight', 'outputheight', 'h'],
  aspectRatio: ['aspect', 'ratio', 'imageaspectratio', 'ar'],
  resolution: ['imageresolution', 'outputresolution'],
  quality: ['imagequality'],
  style: ['stylepreset', 'stylename', 'artstyle', 'imagestyle'],
  background: ['bg', 'backgroundtype'],
  transparent: ['transparentbackground', 'transparency', 'alpha'],
  outputFormat: ['format', 'fileformat', 'imageformat', 'filetype', 'outputmimetype', 'extension'],
  outputCompression: ['compression', 'outputcompressionquality', 'jpegquality'],
  responseFormat: ['returnformat', 'responsetype'],
  seed: ['randomseed', 'noiseseed'],
  images: [
    'image',
    'inputimage',
    'inputimages',
    'referenceimage',
    'referenceimages',
    'imageurl',
    'imageurls',
    'imagepath',
  ]
    .concat(['imagepaths', 'sourceimage', 'sourceimages', 'initimage', 'baseimage', 'originalimage', 'input', 'inputs'])
    .concat([
      'picture',
      'pictures',
      'file',
      'files',
      'inputimagepath',
      'inputpath',
      'reference',
      'references',
      'imagefile',
    ]),
  mask: ['maskimage', 'maskurl', 'maskpath', 'inpaintmask'],
  operation: ['action', 'task', 'edittype', 'editmode'],
  strength: ['denoisingstrength', 'denoise', 'imagestrength', 'editstrength', 'promptstrength'],
  factor: ['scale', 'scalefactor', 'upscalefactor', 'upscale', 'enlarge'],
  expand: ['outpaint', 'extend', 'padding', 'expansion'],
  enhance: ['enhanceprompt', 'promptenhance', 'promptextend', 'magicprompt', 'promptupsampling', 'rewriteprompt'],
  translate: ['translateprompt', 'translation'],
  user: ['userid', 'enduser', 'enduserid'],
  providerOptions: ['options', 'extra', 'extraparams', 'extraoptions', 'extrabody', 'modeloptions', 'provideroption'],
  maxCost: ['maxprice', 'budget', 'costlimit', 'maxbudget', 'pricelimit', 'maximumcost', 'ceiling', 'costceiling'],
  prefer: ['preference', 'priority', 'optimizefor'],
  route: ['routing'],
  waitSeconds: ['wait', 'waittime', 'maxwait', 'waitforseconds', 'timeoutseconds'],
  id: ['imageid', 'ticket', 'ticketid', 'callid', 'jobid', 'taskid', 'path'],
  text: ['query', 'search', 'filter', 'q', 'term'],
  provider: ['service', 'vendor', 'providerid'],
  configured: ['available', 'usable', 'ready', 'onlyconfigured', 'onlyavailable'],
};

/** The word of `known` that a name means, if it is one of them in other letters or under another name of it. */
export function meantWord(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name)) return name;
  const asked = plain(name);
  return (
    known.find((word) => plain(word) === asked) ??
    known.find((word) => Object.hasOwn(otherNames, word) && otherNames[word]!.includes(asked))
  );
}

function plain(name: string): string {
  return name.length > 40 ? name : name.toLowerCase().replace(/[-_.\s]+/g, '');
}
