"""The network: RT-DETRv2 of `transformers` with a small ResNet, and a forward pass for training.

For inference `Nano.net` is called as `transformers` has it. Training needs more than its forward pass gives: the
convolutions alone in bfloat16, the encoder's heads at every anchor, and the decoder left out at first.
"""

import torch
from torch import nn
from transformers import RTDetrResNetConfig, RTDetrV2Config, RTDetrV2ForObjectDetection
from transformers.models.rt_detr_v2.modeling_rt_detr_v2 import get_contrastive_denoising_training_group

LABELS = ["person", "car", "bus", "truck", "bicycle", "dog"]
WIDTH, HEIGHT = 448, 256  # of the input, in pixels
QUERIES = 60
DENOISING = 20


def configuration():
    backbone = RTDetrResNetConfig(
        embedding_size=16,
        hidden_sizes=[16, 64, 128, 256],
        depths=[1, 1, 1, 1],
        layer_type="basic",
        out_features=["stage2", "stage3", "stage4"],
    )
    return RTDetrV2Config(
        backbone_config=backbone,
        freeze_backbone_batch_norms=False,
        encoder_in_channels=[64, 128, 256],
        decoder_in_channels=[96, 96, 96],
        d_model=96,
        encoder_hidden_dim=96,
        hidden_expansion=0.5,
        encoder_ffn_dim=192,
        encoder_attention_heads=4,
        activation_function="relu",
        decoder_ffn_dim=192,
        decoder_attention_heads=4,
        decoder_layers=3,
        num_queries=QUERIES,
        num_denoising=DENOISING,
        anchor_image_size=[HEIGHT, WIDTH],
        id2label=dict(enumerate(LABELS)),
        tie_word_embeddings=False,
    )


def initialise(net):
    """Weights to start from: what `transformers` draws is meant for a trained backbone and lets little through."""
    heads = [net.model.enc_bbox_head, *net.model.decoder.bbox_embed]
    scores = [net.model.enc_score_head, *net.model.decoder.class_embed]
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.ones_(module.weight)
            nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)
    for module in net.modules():
        if hasattr(module, "sampling_offsets"):
            net._init_weights(module)
    for head in heads:  # every box starts as its anchor or reference
        nn.init.zeros_(head.layers[-1].weight)
    for score in scores:  # every class starts at 0.01
        nn.init.normal_(score.weight, std=0.01)
        nn.init.constant_(score.bias, -4.6)


@torch.no_grad()
def start_decoder(net):
    """Lets the decoder give what the encoder's heads found, so that it has only to refine it and leave out doubles."""
    decoder, source = net.model.decoder, net.model.enc_score_head
    for layer in decoder.layers:
        for last in (layer.self_attn.o_proj, layer.encoder_attn.output_proj, layer.mlp.fc2):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)
    for score, head in zip(decoder.class_embed, decoder.bbox_embed):
        score.load_state_dict(source.state_dict())
        nn.init.zeros_(head.layers[-1].weight)
        nn.init.zeros_(head.layers[-1].bias)


class Nano(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = RTDetrV2ForObjectDetection(configuration())
        # One set of heads: the outer ones are not used by the forward pass.
        self.net.class_embed = self.net.model.decoder.class_embed
        self.net.bbox_embed = self.net.model.decoder.bbox_embed
        initialise(self.net)

    def maps(self, images, low=False):
        """Feature maps of strides 8, 16 and 32 for [N, 3, H, W]; `low`: compute in bfloat16."""
        inner = self.net.model
        with torch.autocast(images.device.type, torch.bfloat16, enabled=low):
            found = inner.backbone.model(images).feature_maps
            found = [project(each) for project, each in zip(inner.encoder_input_proj, found)]
            found = inner.encoder(found).last_hidden_state
            found = [project(each) for project, each in zip(inner.decoder_input_proj, found)]
        return [each.float() for each in found]

    def forward(self, images, targets=None, decode=True, low=False):
        """What the losses need. `targets`: per image `class_labels` [G] and `boxes` [G, 4], centre and size 0..1.

        `dense`: logits [N, A, 6] and boxes [N, A, 4] of all anchors; with `decode` also `layers`: logits and boxes of
        each decoder layer, [N, queries, ...], and `denoising`: the same for queries made of noisy targets.
        """
        inner, maps = self.net.model, self.maps(images, low)
        shapes = [tuple(each.shape[-2:]) for each in maps]
        memory = torch.cat([each.flatten(2).transpose(1, 2) for each in maps], 1)
        anchors, valid = inner.generate_anchors(tuple(shapes), device=memory.device, dtype=memory.dtype)
        with torch.autocast(images.device.type, torch.bfloat16, enabled=low):
            output = inner.enc_output(valid.to(memory.dtype) * memory)
            logits, raw = inner.enc_score_head(output).float(), inner.enc_bbox_head(output).float() + anchors
        found = {"dense": (logits, raw.sigmoid()), "anchors": anchors.sigmoid()[0]}
        if not decode:
            return found
        best = logits.detach().max(-1).values.topk(QUERIES, dim=1).indices.unsqueeze(-1)
        reference = raw.detach().gather(1, best.expand(-1, -1, 4))
        query = output.detach().float().gather(1, best.expand(-1, -1, output.shape[-1]))
        mask = meta = None
        if targets is not None and any(len(each["boxes"]) for each in targets):
            config = self.net.config
            noisy, noisy_boxes, mask, meta = get_contrastive_denoising_training_group(
                targets,
                config.num_labels,
                QUERIES,
                inner.denoising_class_embed,
                config.num_denoising,
                config.label_noise_ratio,
                config.box_noise_scale,
            )
            reference, query = torch.cat([noisy_boxes, reference], 1), torch.cat([noisy, query], 1)
        decoded = inner.decoder(
            inputs_embeds=query,
            encoder_hidden_states=memory,
            encoder_attention_mask=mask,
            reference_points=reference,
            spatial_shapes=torch.tensor(shapes, device=memory.device),
            spatial_shapes_list=shapes,
        )
        logits, boxes = decoded.intermediate_logits, decoded.intermediate_reference_points
        noisy = meta["dn_num_split"][0] if meta else 0
        found["layers"] = [(logits[:, i, noisy:], boxes[:, i, noisy:]) for i in range(logits.shape[1])]
        if meta:
            found["denoising"] = [(logits[:, i, :noisy], boxes[:, i, :noisy]) for i in range(logits.shape[1])]
            found["denoising_meta"] = meta
        return found
