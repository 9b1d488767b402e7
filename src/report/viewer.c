#include "report/viewer.h"

#include "base/memory.h"
#include "report/assets.h"
#include "report/html.h"
#include "report/packed.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Beyond so many voxels a browser has no room. */
enum { VOXELS_MOST = 30000000 };

static const char what[] = "the viewer's data";

bool viewer_is_there(void)
{
    return assets_viewer[0] != '\0';
}

static size_t count_voxels(const struct campaign *campaign)
{
    size_t count = 1;
    for (int axis = 0; axis < 3; axis++)
        if (__builtin_mul_overflow(count, (size_t)campaign->map_size[axis], &count))
            return SIZE_MAX;
    return count;
}

static void write_grid(FILE *out, const struct campaign *campaign, const double peak[3])
{
    fprintf(out,
            "{\"size\":[%" PRId64 ",%" PRId64 ",%" PRId64 "],\"space\":%" PRId64 ",\"stride\":%" PRId64
            ",\"affine\":[",
            campaign->map_size[0], campaign->map_size[1], campaign->map_size[2], campaign->map_space,
            campaign->n_mean > 0 ? campaign->mean_stride : 0);
    for (int k = 0; k < 12; k++)
        fprintf(out, "%s%.9g", k > 0 ? "," : "", campaign->map_affine[k]);
    fputs("],\n\"peak\":[", out);
    for (int axis = 0; axis < 3; axis++)
        fprintf(out, isfinite(peak[axis]) ? "%s%.6g" : "%snull", axis > 0 ? "," : "", peak[axis]);
    fputs("],\n\"mean\":\"", out);
}

/* Voxel after voxel the number of its target from 1 on, 0: none. */
static int write_targets(FILE *out, const struct campaign *campaign, struct error *err)
{
    size_t count = count_voxels(campaign);
    int32_t *target = memory_zeroed(count, sizeof *target, what, err);
    for (size_t v = 0; target != NULL && v < campaign->n_mapped; v++)
        target[campaign->map_voxel[v]] = campaign->map_target[v] + 1;
    if (target != NULL)
        packed_write(out, target, count * sizeof *target, err);
    free(target);
    return err->code;
}

/* Whether each target is called by the indices of its voxel. */
static bool are_voxels(const struct campaign *campaign)
{
    int64_t x = campaign->map_size[0], y = campaign->map_size[1];
    bool are = campaign->n_mapped == campaign->n_targets_all;
    for (size_t v = 0; are && v < campaign->n_mapped; v++) {
        int64_t voxel = campaign->map_voxel[v];
        char name[80];
        snprintf(name, sizeof name, "%" PRId64 "_%" PRId64 "_%" PRId64, voxel % x, voxel / x % y,
                 voxel / x / y);
        are = strcmp(name, campaign->target_name[campaign->map_target[v]]) == 0;
    }
    return are;
}

/* None of voxels: their places say it, and there may be very many. */
static void write_names(FILE *out, const struct campaign *campaign)
{
    fputs("\",\n\"names\":[", out);
    size_t count = are_voxels(campaign) ? 0 : campaign->n_targets_all;
    for (size_t i = 0; i < count; i++) {
        fputs(i > 0 ? ",\"" : "\"", out);
        html_json(out, campaign->target_name[i]);
        fputs("\"", out);
    }
    fputs("],\n\"maps\":[", out);
}

/* A map's values, a target each. No color: 0; values begin over it. */
static int write_map(FILE *out, const struct page *page, const struct map_look *look, struct error *err)
{
    size_t count = page->content->campaign->n_targets_all;
    bool is_penalty = look->id == RESULT_PENALTY;
    double shift = is_penalty ? 1 - look->low : 0;
    float *values = memory_zeroed(count, sizeof *values, what, err);
    for (size_t i = 0; values != NULL && i < count; i++) {
        double value = map_look_value(look, &page->content->rows[i]) + shift;
        values[i] = isfinite(value) ? (float)value : 0;
    }
    fprintf(out, "{\"name\":\"%s\",\"title\":\"", map_look_name(look));
    html_json(out, look->bar);
    fprintf(out, "\",\"ramp\":\"%s\",\"shift\":%.9g,\"low\":%.9g,\"high\":%.9g,\"values\":\"",
            look->ramp == RAMP_HEAT ? "heat" : "cold", shift, look->low + shift, look->high + shift);
    if (values != NULL)
        packed_write(out, values, count * sizeof *values, err);
    fputs("\"}", out);
    free(values);
    return err->code;
}

static void write_frame(FILE *out)
{
    fputs(
        "<div id=\"viewer\" class=\"viewer\" hidden>\n<p><button type=\"button\" id=\"viewer-open\">Open the viewer"
        "</button> <span id=\"viewer-said\" role=\"status\"></span></p>\n</div>\n"
        "<details class=\"small\"><summary>Licences of the viewer</summary><pre class=\"code\" tabindex=\"0\">",
        out);
    html_text(out, assets_viewer_licences);
    fputs("</pre></details>\n<script type=\"text/plain\" id=\"viewer-code\">", out);
    fputs(assets_viewer, out);
    fputs("</script>\n<script type=\"application/json\" id=\"viewer-data\">", out);
}

int viewer_write(const struct page *page, const struct map_look *looks, size_t n_looks, const double peak[3],
                 struct error *err)
{
    const struct campaign *campaign = page->content->campaign;
    FILE *out = page->out;
    if (!viewer_is_there() || count_voxels(campaign) > VOXELS_MOST) {
        fprintf(out, "<p class=\"small\">%s</p>\n",
                viewer_is_there()
                    ? "The images are too large for the viewer."
                    : "This arete was built without the viewer: scripts/viewer.sh was not run, or "
                      "found no npm.");
        return 0;
    }
    write_frame(out);
    write_grid(out, campaign, peak);
    if (campaign->n_mean > 0 && packed_write(out, campaign->mean_greys, campaign->n_mean, err) != 0)
        return err->code;
    fputs("\",\n\"target\":\"", out);
    if (write_targets(out, campaign, err) != 0)
        return err->code;
    write_names(out, campaign);
    for (size_t k = 0; k < n_looks && err->code == 0; k++) {
        fputs(k > 0 ? ",\n" : "", out);
        write_map(out, page, &looks[k], err);
    }
    fputs("]}</script>\n<script>\n", out);
    fputs(assets_viewer_script, out);
    fputs("</script>\n", out);
    return err->code;
}
