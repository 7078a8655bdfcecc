/**
 * Pictures as SVG: plain text with no script, no style sheet, font or picture from elsewhere, and a title and description for those
 * who do not see it. Each brings its own background, light or dark as the viewer prefers.
 */
package io.github.purerank.picture;
